"""The words a book says by itself, by language: one table, a row a word, a column a language.

A reference is a pattern whose `{}` is the number: `ref-figure` stands inside a sentence ("see figure 3.2" in French),
`label-figure`, made from it, at the beginning of a line ("Figure 3.2").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_LANGUAGES = ("en", "fr", "de", "es", "ar", "ja")
_REFERENCE, _LABEL = "ref-", "label-"

_WORDS: Mapping[str, tuple[str, ...]] = {
    # pages, and parts of a book
    "cover": ("Cover", "Couverture", "Umschlag", "Cubierta", "الغلاف", "表紙"),
    "halftitlepage": ("Half title", "Faux-titre", "Schmutztitel", "Anteportada", "صفحة العنوان المختصر", "前扉"),
    "title-page": ("Title page", "Page de titre", "Titelseite", "Portada", "صفحة العنوان", "扉"),
    "copyright-page": ("Copyright", "Mentions légales", "Impressum", "Derechos", "حقوق النشر", "奥付"),
    "dedication": ("Dedication", "Dédicace", "Widmung", "Dedicatoria", "الإهداء", "献辞"),
    "epigraph": ("Epigraph", "Épigraphe", "Motto", "Epígrafe", "استهلال", "題辞"),
    "contents": ("Contents", "Table des matières", "Inhalt", "Índice", "المحتويات", "目次"),
    "loi": ("Figures", "Table des figures", "Abbildungen", "Figuras", "الأشكال", "図目次"),
    "lot": ("Tables", "Liste des tableaux", "Tabellen", "Tablas", "الجداول", "表目次"),
    "chapter": ("Chapter", "Chapitre", "Kapitel", "Capítulo", "الفصل", "章"),
    "part": ("Part", "Partie", "Teil", "Parte", "الجزء", "部"),
    "notes": ("Notes", "Notes", "Anmerkungen", "Notas", "الحواشي", "注"),
    "endnotes": ("Notes", "Notes", "Anmerkungen", "Notas", "الحواشي", "注"),
    "glossary": ("Glossary", "Glossaire", "Glossar", "Glosario", "المصطلحات", "用語集"),
    "abbreviations": ("Abbreviations", "Abréviations", "Abkürzungen", "Siglas", "الاختصارات", "略語"),
    "bibliography": ("Bibliography", "Bibliographie", "Literatur", "Bibliografía", "المراجع", "参考文献"),
    "index": ("Index", "Index", "Register", "Índice alfabético", "الفهرس", "索引"),
    # what readers are told and tools show
    "back": ("Back to the text", "Retour au texte", "Zurück zum Text", "Volver al texto", "العودة إلى النص",
             "本文に戻る"),
    "page": ("Page", "Page", "Seite", "Página", "صفحة", "ページ"),
    "landmarks": ("Landmarks", "Points de repère", "Orientierungspunkte", "Puntos de referencia", "معالم الكتاب",
                  "ランドマーク"),
    "page-list": ("Pages of the printed book", "Pages du livre imprimé", "Seiten des gedruckten Buchs",
                  "Páginas del libro impreso", "صفحات الكتاب المطبوع", "印刷版のページ"),
    "begin": ("Begin reading", "Commencer la lecture", "Zum Text", "Empezar a leer", "ابدأ القراءة", "本文"),
    "image": ("Image", "Image", "Abbildung", "Imagen", "صورة", "図"),
    "broken": ("Broken here", "Erreur ici", "Fehler an dieser Stelle", "Error en este lugar", "خطأ هنا",
               "ここに誤りがあります"),
    "isbn-print": ("print", "imprimé", "Druck", "impreso", "مطبوع", "印刷版"),
    "isbn-ebook": ("e-book", "numérique", "E-Book", "libro electrónico", "إلكتروني", "電子版"),
    # admonitions
    "note": ("Note", "Remarque", "Hinweis", "Nota", "ملاحظة", "注記"),
    "tip": ("Tip", "Astuce", "Tipp", "Consejo", "نصيحة", "ヒント"),
    "important": ("Important", "Important", "Wichtig", "Importante", "مهم", "重要"),
    "warning": ("Warning", "Avertissement", "Warnung", "Advertencia", "تحذير", "警告"),
    "caution": ("Caution", "Attention", "Vorsicht", "Precaución", "تنبيه", "注意"),
    # references
    "ref-part": ("Part {}", "partie {}", "Teil {}", "parte {}", "الجزء {}", "第{}部"),
    "ref-chapter": ("Chapter {}", "chapitre {}", "Kapitel {}", "capítulo {}", "الفصل {}", "第{}章"),
    "ref-appendix": ("Appendix {}", "annexe {}", "Anhang {}", "apéndice {}", "الملحق {}", "付録{}"),
    "ref-section": ("Section {}", "section {}", "Abschnitt {}", "sección {}", "القسم {}", "{}節"),
    "ref-figure": ("Figure {}", "figure {}", "Abbildung {}", "figura {}", "الشكل {}", "図{}"),
    "ref-table": ("Table {}", "tableau {}", "Tabelle {}", "tabla {}", "الجدول {}", "表{}"),
    "ref-equation": ("Equation {}", "équation {}", "Gleichung {}", "ecuación {}", "المعادلة {}", "式{}"),
    "ref-listing": ("Listing {}", "listing {}", "Listing {}", "listado {}", "الشيفرة {}", "リスト{}"),
    "ref-example": ("Example {}", "exemple {}", "Beispiel {}", "ejemplo {}", "المثال {}", "例{}"),
    "ref-page": ("page {}", "page {}", "Seite {}", "página {}", "صفحة {}", "{}ページ"),
    # the index
    "see": ("see", "voir", "siehe", "véase", "انظر", "→"),
    "see-also": ("see also", "voir aussi", "siehe auch", "véase también", "انظر أيضا", "→"),
    "symbols": ("Symbols", "Symboles", "Zeichen", "Símbolos", "رموز", "記号"),
    # the bibliography
    "cited": ("cited", "cité", "zitiert", "citado", "ورد في", "引用"),
    "phd-thesis": ("PhD diss.", "thèse de doctorat", "Dissertation", "tesis doctoral", "أطروحة دكتوراه", "博士論文"),
    "master-thesis": ("master’s thesis", "mémoire de master", "Masterarbeit", "tesis de maestría", "رسالة ماجستير",
                      "修士論文"),
}  # fmt: skip

_CREDITS: Mapping[str, dict[str, str]] = {
    "en": {"ant": "After an essay by", "edt": "Edited by", "ill": "Illustrated by", "trl": "Translated by"},
    "fr": {"ant": "D’après", "edt": "Édition :", "ill": "Illustrations :", "trl": "Traduction :"},
    "de": {"ant": "Nach", "edt": "Herausgegeben von", "ill": "Illustriert von", "trl": "Übersetzt von"},
    "es": {"ant": "A partir de", "edt": "Edición:", "ill": "Ilustraciones:", "trl": "Traducción:"},
    "ar": {"ant": "عن مقال لـ", "edt": "تحرير:", "ill": "رسوم:", "trl": "ترجمة:"},
    "ja": {"ant": "原作：", "edt": "編集：", "ill": "イラスト：", "trl": "翻訳："},
}


@cache
def terms_for(language: str) -> Mapping[str, str]:
    """The words for a BCP 47 tag, by its primary subtag; English where there is none.

    Besides the words of the table, a `label-` for each `ref-`, and a credit for some MARC relator codes (`edt`:
    "Edited by").
    """
    primary = language.split("-", maxsplit=1)[0].lower()
    primary = primary if primary in _LANGUAGES else "en"
    words = {word: said[_LANGUAGES.index(primary)] for word, said in _WORDS.items()}
    labels = {
        _LABEL + word.removeprefix(_REFERENCE): said[0].upper() + said[1:]
        for word, said in words.items()
        if word.startswith(_REFERENCE)
    }
    return {**words, **labels, **_CREDITS[primary]}
