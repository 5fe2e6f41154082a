"""The words a book says by itself, by language: one table, a row a language, a column a word."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS = ("cover", "title-page", "copyright-page", "contents", "chapter", "part", "notes", "back", "page", "landmarks",
          "begin", "image", "broken", "note", "tip", "important", "warning", "caution")  # fmt: skip

_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "en": ("Cover", "Title page", "Copyright", "Contents", "Chapter", "Part", "Notes", "Back to the text", "Page",
           "Landmarks", "Begin reading", "Image", "Broken here", "Note", "Tip", "Important", "Warning", "Caution"),
    "fr": ("Couverture", "Page de titre", "Mentions légales", "Table des matières", "Chapitre", "Partie", "Notes",
           "Retour au texte", "Page", "Points de repère", "Commencer la lecture", "Image", "Erreur ici",
           "Remarque", "Astuce", "Important", "Avertissement", "Attention"),
    "de": ("Umschlag", "Titelseite", "Impressum", "Inhalt", "Kapitel", "Teil", "Anmerkungen", "Zurück zum Text",
           "Seite", "Orientierungspunkte", "Zum Text", "Abbildung", "Fehler an dieser Stelle",
           "Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht"),
    "es": ("Cubierta", "Portada", "Derechos", "Índice", "Capítulo", "Parte", "Notas", "Volver al texto", "Página",
           "Puntos de referencia", "Empezar a leer", "Imagen", "Error en este lugar",
           "Nota", "Consejo", "Importante", "Advertencia", "Precaución"),
    "ar": ("الغلاف", "صفحة العنوان", "حقوق النشر", "المحتويات", "الفصل", "الجزء", "الحواشي", "العودة إلى النص",
           "صفحة", "معالم الكتاب", "ابدأ القراءة", "صورة", "خطأ هنا",
           "ملاحظة", "نصيحة", "مهم", "تحذير", "تنبيه"),
    "ja": ("表紙", "扉", "奥付", "目次", "章", "部", "注", "本文に戻る", "ページ",
           "ランドマーク", "本文", "図", "ここに誤りがあります", "注記", "ヒント", "重要", "警告", "注意"),
}  # fmt: skip


_CREDITS: Mapping[str, dict[str, str]] = {
    "en": {"ant": "After an essay by", "edt": "Edited by", "ill": "Illustrated by", "trl": "Translated by"},
    "fr": {"ant": "D’après", "edt": "Édition :", "ill": "Illustrations :", "trl": "Traduction :"},
    "de": {"ant": "Nach", "edt": "Herausgegeben von", "ill": "Illustriert von", "trl": "Übersetzt von"},
    "es": {"ant": "A partir de", "edt": "Edición:", "ill": "Ilustraciones:", "trl": "Traducción:"},
    "ar": {"ant": "عن مقال لـ", "edt": "تحرير:", "ill": "رسوم:", "trl": "ترجمة:"},
    "ja": {"ant": "原作：", "edt": "編集：", "ill": "イラスト：", "trl": "翻訳："},
}


def terms_for(language: str) -> Mapping[str, str]:
    """The words for a BCP 47 tag, by its primary subtag; English where there is none.

    Besides the words of the table, a credit for some MARC relator codes (`edt`: "Edited by").
    """
    primary = language.split("-", maxsplit=1)[0].lower()
    primary = primary if primary in _LANGUAGES else "en"
    return {**dict(zip(_WORDS, _LANGUAGES[primary], strict=True)), **_CREDITS[primary]}
