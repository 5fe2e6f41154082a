"""Try every second failed payment again, once."""

import csv
import sys

FINAL = {"card expired", "account closed"}


def has_paid(order):
    """Stands for a look at the shop's books."""
    return order["paid"] == "yes"


def charge(order, key):
    """Stands for the payment service."""
    return f"charge {order['price']} as {key}"


def main(failures, log):
    report = csv.writer(log, lineterminator="\n")
    report.writerow(["order", "half", "outcome"])
    turn = 0
    for order in csv.DictReader(failures):
        if order["reason"] in FINAL:
            continue
        number = order["order"]
        turn += 1
        half = "left" if turn % 2 else "retried"
        if half == "left":
            outcome = ""
        elif has_paid(order):
            outcome = "had paid"
        else:
            outcome = charge(order, key=f"second-attempt-{number}")
        report.writerow([number, half, outcome])


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
