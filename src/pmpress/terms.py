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

_READABLE: Mapping[str, tuple[str, ...]] = {
    "text": (
        "The text follows the reader’s own settings; headings, contents and landmarks lead through it in its order.",
        "Le texte suit les réglages du lecteur ; les titres, la table des matières et les points de repère le"
        " parcourent dans son ordre.",
        "Der Text folgt den Einstellungen der Lesenden; Überschriften, Inhaltsverzeichnis und Orientierungspunkte"
        " führen der Reihe nach hindurch.",
        "El texto sigue los ajustes del lector; los títulos, el índice y los puntos de referencia guían por él en su"
        " orden.",
        "يتبع النص إعدادات القارئ، وتقود العناوين والمحتويات والمعالم خلاله بترتيبه.",
        "本文は読者の設定に従って表示され、見出し、目次、ランドマークで順にたどれます。",
    ),
    "pages": (
        "The pages of the printed book are marked and can be gone to.",
        "Les pages du livre imprimé sont marquées et accessibles une à une.",
        "Die Seiten des gedruckten Buchs sind markiert und lassen sich aufsuchen.",
        "Las páginas del libro impreso están marcadas y se puede ir a ellas.",
        "صفحات الكتاب المطبوع معلَّمة ويمكن الانتقال إليها.",
        "印刷版のページが示され、そこへ移動できます。",
    ),
    "index": (
        "An index leads to the places in the text.",
        "Un index renvoie aux passages du texte.",
        "Ein Register führt zu den Stellen im Text.",
        "Un índice alfabético lleva a los pasajes del texto.",
        "يقود الفهرس إلى المواضع في النص.",
        "索引から本文の該当箇所へ移動できます。",
    ),
    "no pictures": (
        "It has no pictures besides the cover.",
        "Il n’y a pas d’image, hormis la couverture.",
        "Außer dem Umschlag enthält es keine Bilder.",
        "No tiene imágenes, salvo la cubierta.",
        "لا صور فيه سوى الغلاف.",
        "表紙のほかに画像はありません。",
    ),
    "described": (
        "Every picture is described in words.",
        "Chaque image est décrite par des mots.",
        "Jedes Bild ist in Worten beschrieben.",
        "Cada imagen está descrita con palabras.",
        "كل صورة موصوفة بالكلمات.",
        "すべての画像に言葉による説明があります。",
    ),
    "not described": (
        "Some pictures are not described in words.",
        "Certaines images ne sont pas décrites par des mots.",
        "Einige Bilder sind nicht in Worten beschrieben.",
        "Algunas imágenes no están descritas con palabras.",
        "بعض الصور غير موصوفة بالكلمات.",
        "言葉による説明のない画像があります。",
    ),
    "at length": (
        "Some have a long description besides.",
        "Certaines ont en plus une longue description.",
        "Einige haben zusätzlich eine lange Beschreibung.",
        "Algunas tienen además una descripción larga.",
        "ولبعضها وصف مطوّل أيضا.",
        "詳しい説明の付いた画像もあります。",
    ),
    "formulas": (
        "Formulas are written in MathML and can be read aloud.",
        "Les formules sont écrites en MathML et peuvent être lues à voix haute.",
        "Formeln sind in MathML geschrieben und können vorgelesen werden.",
        "Las fórmulas están escritas en MathML y se pueden leer en voz alta.",
        "الصيغ مكتوبة بلغة MathML ويمكن قراءتها بصوت عال.",
        "数式は MathML で書かれ、読み上げることができます。",
    ),
    "drawn formulas": (
        "Formulas are pictures; each says in TeX what it shows.",
        "Les formules sont des images ; chacune dit en TeX ce qu’elle montre.",
        "Formeln sind Bilder; jedes sagt in TeX, was es zeigt.",
        "Las fórmulas son imágenes; cada una dice en TeX lo que muestra.",
        "الصيغ صور، وكل منها تقول بلغة TeX ما تعرضه.",
        "数式は画像で、内容が TeX で示されています。",
    ),
    "bare tables": (
        "Some tables have no header cells.",
        "Certains tableaux n’ont pas de cellules d’en-tête.",
        "Einige Tabellen haben keine Kopfzellen.",
        "Algunas tablas no tienen celdas de encabezado.",
        "بعض الجداول بلا خلايا عناوين.",
        "見出しセルのない表があります。",
    ),
    "code": (
        "In program code nothing is said by colour alone.",
        "Dans le code, rien n’est dit par la couleur seule.",
        "Im Programmcode sagt die Farbe allein nichts.",
        "En el código, el color por sí solo no dice nada.",
        "في شيفرة البرامج لا يدل اللون وحده على شيء.",
        "プログラムコードで、色だけが意味を表すことはありません。",
    ),
    "ruby": (
        "Beside some characters stands how they are read.",
        "La lecture de certains caractères figure à côté d’eux.",
        "Neben manchen Schriftzeichen steht ihre Lesung.",
        "Junto a algunos caracteres figura su lectura.",
        "بجانب بعض الحروف قراءتها.",
        "一部の文字に読みが付いています。",
    ),
    "moving": (
        "Some pictures move; whether they flash is not known.",
        "Certaines images bougent ; on ne sait pas si elles clignotent.",
        "Einige Bilder bewegen sich; ob sie blinken, ist nicht bekannt.",
        "Algunas imágenes se mueven; no se sabe si parpadean.",
        "بعض الصور تتحرك، ولا يُعرف هل تومض.",
        "動く画像があり、点滅するかどうかは不明です。",
    ),
    "still": (
        "Nothing in it flashes, moves or sounds.",
        "Rien n’y clignote, ne bouge ni ne fait de bruit.",
        "Nichts darin blinkt, bewegt sich oder gibt Töne von sich.",
        "Nada en él parpadea, se mueve ni suena.",
        "لا شيء فيه يومض أو يتحرك أو يصدر صوتا.",
        "点滅するもの、動くもの、音の出るものはありません。",
    ),
}
"""What is said of who can read an e-book, a sentence each."""

_CREDITS: Mapping[str, dict[str, str]] = {
    "en": {"ant": "After an essay by", "edt": "Edited by", "ill": "Illustrated by", "trl": "Translated by"},
    "fr": {"ant": "D’après", "edt": "Édition :", "ill": "Illustrations :", "trl": "Traduction :"},
    "de": {"ant": "Nach", "edt": "Herausgegeben von", "ill": "Illustriert von", "trl": "Übersetzt von"},
    "es": {"ant": "A partir de", "edt": "Edición:", "ill": "Ilustraciones:", "trl": "Traducción:"},
    "ar": {"ant": "عن مقال لـ", "edt": "تحرير:", "ill": "رسوم:", "trl": "ترجمة:"},
    "ja": {"ant": "原作：", "edt": "編集：", "ill": "イラスト：", "trl": "翻訳："},
}


def spoken(language: str) -> str:
    """The language that the words for a BCP 47 tag are in: its primary subtag, or English."""
    primary = language.split("-", maxsplit=1)[0].lower()
    return primary if primary in _LANGUAGES else "en"


def is_spoken(language: str) -> bool:
    """Whether the words for a BCP 47 tag are in that language."""
    return spoken(language) == language.split("-", maxsplit=1)[0].lower()


def readable(language: str, *said: str) -> str:
    """Sentences on who can read an e-book, in the language of `spoken`."""
    primary = spoken(language)
    return ("" if primary == "ja" else " ").join(_READABLE[each][_LANGUAGES.index(primary)] for each in said)


@cache
def terms_for(language: str) -> Mapping[str, str]:
    """The words for a BCP 47 tag, by its primary subtag; English where there is none.

    Besides the words of the table, a `label-` for each `ref-`, and a credit for some MARC relator codes (`edt`:
    "Edited by").
    """
    primary = spoken(language)
    words = {word: said[_LANGUAGES.index(primary)] for word, said in _WORDS.items()}
    labels = {
        _LABEL + word.removeprefix(_REFERENCE): said[0].upper() + said[1:]
        for word, said in words.items()
        if word.startswith(_REFERENCE)
    }
    return {**words, **labels, **_CREDITS[primary]}
