"""What the names of TeX stand for: characters by the part they play in a formula, alphabets, accents, spaces."""

from __future__ import annotations


def _pairs(listed: str) -> dict[str, str]:
    words = listed.split()
    return dict(zip(words[::2], words[1::2], strict=True))


# Set in italics, as all small letters are.
LETTERS = _pairs("""
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ
    lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ
    chi χ psi ψ omega ω digamma ϝ imath ı jmath ȷ
""")

# Set upright.
UPRIGHT = _pairs("""
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    infty ∞ hbar ℏ hslash ℏ ell ℓ wp ℘ Re ℜ Im ℑ aleph ℵ beth ℶ gimel ℷ daleth ℸ partial ∂ nabla ∇ mho ℧ eth ð
    emptyset ∅ varnothing ∅ angle ∠ measuredangle ∡ sphericalangle ∢ triangle △ triangledown ▽ square □ Box □
    blacksquare ■ lozenge ◊ Diamond ◇ bigstar ★ diamondsuit ♢ heartsuit ♡ clubsuit ♣ spadesuit ♠
    flat ♭ natural ♮ sharp ♯ top ⊤ bot ⊥ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ surd √ complement ∁
    dag † ddag ‡ S § P ¶ copyright © pounds £ yen ¥ degree ° checkmark ✓ blacktriangle ▲
    blacktriangledown ▼ blacklozenge ⧫ Bbbk 𝕜 Finv Ⅎ Game ⅁ circledR ® circledS Ⓢ
    ldots … dots … dotsc … dotso … cdots ⋯ dotsb ⋯ dotsm ⋯ dotsi ⋯ vdots ⋮ ddots ⋱ iddots ⋰
""")

BINARY = _pairs("""
    pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet • cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔
    vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ diamond ⋄ bigtriangleup △ bigtriangledown ▽
    triangleleft ◁ triangleright ▷ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ bigcirc ◯ dagger † ddagger ‡ amalg ⨿
    dotplus ∔ ltimes ⋉ rtimes ⋊ leftthreetimes ⋋ rightthreetimes ⋌ Cap ⋒ Cup ⋓ veebar ⊻ barwedge ⊼ doublebarwedge ⩞
    curlywedge ⋏ curlyvee ⋎ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ circleddash ⊝ circledast ⊛ circledcirc ⊚
    centerdot ⋅ intercal ⊺ divideontimes ⋇ lhd ⊲ rhd ⊳ unlhd ⊴ unrhd ⊵
""")

RELATIONS = _pairs("""
    lt < gt > le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ leqq ≦ geqq ≧ leqslant ⩽ geqslant ⩾
    eqslantless ⪕ eqslantgtr ⪖ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ lesseqgtr ⋚ gtreqless ⋛
    prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ curlyeqprec ⋞ curlyeqsucc ⋟
    sim ∼ simeq ≃ approx ≈ approxeq ≊ cong ≅ equiv ≡ asymp ≍ doteq ≐ doteqdot ≑ Doteq ≑ propto ∝ varpropto ∝
    models ⊨ perp ⟂ mid ∣ parallel ∥ nmid ∤ nparallel ∦ bowtie ⋈ Join ⋈ smile ⌣ frown ⌢ vdash ⊢ dashv ⊣ vDash ⊨
    Vdash ⊩ Vvdash ⊪ nvdash ⊬ nvDash ⊭ nVdash ⊮ nVDash ⊯ between ≬ pitchfork ⋔ therefore ∴ because ∵ multimap ⊸
    in ∈ ni ∋ owns ∋ notin ∉ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉
    subseteqq ⫅ supseteqq ⫆ subsetneqq ⫋ supsetneqq ⫌ Subset ⋐ Supset ⋑ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒
    nless ≮ ngtr ≯ nleq ≰ ngeq ≱ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ nprec ⊀ nsucc ⊁ nsim ≁ ncong ≇ lnsim ⋦ gnsim ⋧
    trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳ ntriangleleft ⋪ ntriangleright ⋫
    triangleq ≜ circeq ≗ eqcirc ≖ bumpeq ≏ Bumpeq ≎ risingdotseq ≓ fallingdotseq ≒ backsim ∽ thicksim ∼ thickapprox ≈
    coloneqq ≔ coloneq ≔ eqqcolon ≕ vcentcolon ∶ dblcolon ∷ ratio ∶
    to → gets ← leftarrow ← rightarrow → leftrightarrow ↔ Leftarrow ⇐ Rightarrow ⇒ Leftrightarrow ⇔
    longleftarrow ⟵ longrightarrow ⟶ longleftrightarrow ⟷ Longleftarrow ⟸ Longrightarrow ⟹ Longleftrightarrow ⟺
    implies ⟹ impliedby ⟸ iff ⟺ mapsto ↦ longmapsto ⟼ hookleftarrow ↩ hookrightarrow ↪ leftharpoonup ↼
    leftharpoondown ↽ rightharpoonup ⇀ rightharpoondown ⇁ rightleftharpoons ⇌ leftrightharpoons ⇋ nearrow ↗ searrow ↘
    swarrow ↙ nwarrow ↖ leadsto ⇝ rightsquigarrow ⇝ leftrightsquigarrow ↭ twoheadrightarrow ↠ twoheadleftarrow ↞
    rightarrowtail ↣ leftarrowtail ↢ dashrightarrow ⇢ dashleftarrow ⇠ leftleftarrows ⇇ rightrightarrows ⇉
    leftrightarrows ⇆ rightleftarrows ⇄ upuparrows ⇈ downdownarrows ⇊ Lleftarrow ⇚ Rrightarrow ⇛ looparrowleft ↫
    looparrowright ↬ curvearrowleft ↶ curvearrowright ↷ circlearrowleft ↺ circlearrowright ↻ nleftarrow ↚
    nrightarrow ↛ nLeftarrow ⇍ nRightarrow ⇏ nleftrightarrow ↮ nLeftrightarrow ⇎ Lsh ↰ Rsh ↱ upharpoonleft ↿
    upharpoonright ↾ restriction ↾ downharpoonleft ⇃ downharpoonright ⇂
    uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕
""")

# Grow in display formulas, and carry their limits above and below there.
LARGE = _pairs("""
    sum ∑ prod ∏ coprod ∐ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆
""")
INTEGRALS = _pairs("int ∫ iint ∬ iiint ∭ iiiint ⨌ oint ∮ oiint ∯ oiiint ∰ smallint ∫")

OPENING = _pairs(
    "lbrace { { { lbrack [ langle ⟨ lceil ⌈ lfloor ⌊ lvert | lVert ‖ lgroup ⟮ llbracket ⟦ ulcorner ⌜ llcorner ⌞"
)
CLOSING = _pairs(
    "rbrace } } } rbrack ] rangle ⟩ rceil ⌉ rfloor ⌋ rvert | rVert ‖ rgroup ⟯ rrbracket ⟧ urcorner ⌝ lrcorner ⌟"
)
BARS = _pairs("vert | Vert ‖ | ‖ backslash \\")
PRIMES = _pairs("prime ′ backprime ‵")
_VERTICAL = ("uparrow", "downarrow", "updownarrow", "Uparrow", "Downarrow", "Updownarrow")
# What may stand behind \left, \middle, \right and \big.
DELIMITERS = {
    **{character: character for character in "()[]|/"},
    **{"<": "⟨", ">": "⟩", ".": ""},
    **{f"\\{name}": character for group in (OPENING, CLOSING, BARS) for name, character in group.items()},
    **{f"\\{name}": RELATIONS[name] for name in _VERTICAL},
}

FUNCTIONS = frozenset({
    "arccos", "arcctg", "arcsin", "arctan", "arg", "ch", "cos", "cosh", "cot", "coth", "csc", "ctg", "deg", "dim",
    "exp", "hom", "ker", "lg", "ln", "log", "sec", "sh", "sin", "sinh", "tan", "tanh", "tg", "th",
})  # fmt: skip
LIMITS = {name: name for name in ("det", "gcd", "inf", "lim", "max", "min", "Pr", "sup", "argmax", "argmin")} | {
    "limsup": "lim\u2009sup", "liminf": "lim\u2009inf", "injlim": "inj\u2009lim", "projlim": "proj\u2009lim",
}  # fmt: skip

# Characters as they are typed, where these play another part than a letter's.
TYPED = {
    typed: (kind, character)
    for kind, characters in (
        ("bin", "+ + - − − − * ∗ · ⋅"),
        ("rel", "= = < < > > : :"),
        ("punct", ", , ; ;"),
        ("open", "( ( [ ["),
        ("close", ") ) ] ]"),
        ("post", "! ! ? ?"),
        ("bar", "| |"),
        ("slash", "/ /"),
        ("dot", '. . @ @ ` ‘ " ″'),
    )
    for typed, character in _pairs(characters).items()
} | {"~": ("space", "")}
CLASSES: dict[str, dict[str, str]] = {
    "letter": LETTERS, "upright": UPRIGHT, "bin": BINARY, "rel": RELATIONS, "large": LARGE, "int": INTEGRALS,
    "open": OPENING, "close": CLOSING, "bar": BARS, "prime": PRIMES,
}  # fmt: skip
NAMED = {name: (kind, character) for kind, group in CLASSES.items() for name, character in group.items()}
# The same characters typed as themselves, in the part that the first of their names has.
CHARACTERS = {character: (kind, character) for kind, character in reversed(NAMED.values())} | TYPED

ESCAPED = {"%": "%", "$": "$", "&": "&", "#": "#", "_": "_"}

SPACES = {
    ",": 3 / 18, "thinspace": 3 / 18, ":": 4 / 18, ">": 4 / 18, "medspace": 4 / 18, ";": 5 / 18, "thickspace": 5 / 18,
    "!": -3 / 18, "negthinspace": -3 / 18, "negmedspace": -4 / 18, "negthickspace": -5 / 18, " ": 0.25, "\n": 0.25,
    "enspace": 0.5, "quad": 1.0, "qquad": 2.0, "space": 0.25, "nobreakspace": 0.25,
}  # fmt: skip

ACCENTS = _pairs("""
    hat ^ check ˇ tilde ~ acute ´ grave ` dot ˙ ddot ¨ dddot ⃛ ddddot ⃜ breve ˘ bar ¯ vec → mathring ˚
""")
# The same accents as characters that stand above the one before them.
COMBINING = dict(zip("^ˇ~´`˙¨˘¯→˚", "\u0302\u030c\u0303\u0301\u0300\u0307\u0308\u0306\u0304\u20d7\u030a", strict=True))
OVER = _pairs("""
    widehat ^ widetilde ~ widecheck ˇ overline ¯ overrightarrow → overleftarrow ← overleftrightarrow ↔
    overbrace ⏞ overbracket ⎴ overparen ⏜
""")
UNDER = _pairs("""
    underline _ underrightarrow → underleftarrow ← underleftrightarrow ↔ underbrace ⏟ underbracket ⎵ underparen ⏝
""")
ARROWS = _pairs("""
    xrightarrow → xleftarrow ← xleftrightarrow ↔ xRightarrow ⇒ xLeftarrow ⇐ xLeftrightarrow ⇔ xmapsto ↦
    xhookrightarrow ↪ xhookleftarrow ↩ xrightharpoonup ⇀ xleftharpoonup ↼ xrightleftharpoons ⇌
""")

BIG = {
    f"{size}{side}": height
    for size, height in (("big", "1.2em"), ("Big", "1.8em"), ("bigg", "2.4em"), ("Bigg", "3em"))
    for side in ("", "l", "m", "r")
}

# The beginnings of capitals, small letters and digits in the block of mathematical letters, by alphabet.
_ALPHABETS = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, 0),
    "bold-italic": (0x1D468, 0x1D482, 0x1D7CE),
    "script": (0x1D49C, 0x1D4B6, 0),
    "fraktur": (0x1D504, 0x1D51E, 0),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8),
    "sans": (0x1D5A0, 0x1D5BA, 0x1D7E2),
    "sans-bold": (0x1D5D4, 0x1D5EE, 0x1D7EC),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6),
}
_GREEK = {"bold": (0x1D6A8, 0x1D6C2), "italic": (0x1D6E2, 0x1D6FC), "bold-italic": (0x1D71C, 0x1D736)}
_GREEK_VARIANTS = "∂ϵϑϰϕϱϖ"
# Letters that Unicode had before it had the block.
_ELSEWHERE = dict(zip(
    "𝑕𝒝𝒠𝒡𝒣𝒤𝒧𝒨𝒭𝒺𝒼𝓄𝔆𝔋𝔌𝔕𝔝𝔺𝔿𝕅𝕇𝕈𝕉𝕑", "ℎℬℰℱℋℐℒℳℛℯℊℴℭℌℑℜℨℂℍℕℙℚℝℤ", strict=True
))  # fmt: skip

ALPHABETS = {
    "mathbb": "double-struck", "mathcal": "script", "mathscr": "script", "mathfrak": "fraktur", "mathbf": "bold",
    "mathit": "italic", "mathsf": "sans", "mathtt": "monospace", "mathrm": "normal", "mathnormal": "",
    "boldsymbol": "bold-italic", "bm": "bold-italic", "pmb": "bold-italic", "mathbfsf": "sans-bold",
    "symbf": "bold", "symbb": "double-struck", "symcal": "script", "symfrak": "fraktur", "symrm": "normal",
}  # fmt: skip
TEXTS = {
    "text": "", "textrm": "", "textnormal": "", "textup": "", "mbox": "", "hbox": "", "textbf": "bold",
    "textit": "italic", "emph": "italic", "textsl": "italic", "textsf": "sans-serif", "texttt": "monospace",
}  # fmt: skip

COLOURS = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#00ff00", "blue": "#0000ff", "cyan": "#00ffff",
    "magenta": "#ff00ff", "yellow": "#ffff00", "gray": "#808080", "grey": "#808080", "darkgray": "#404040",
    "lightgray": "#bfbfbf", "brown": "#bf8040", "lime": "#bfff00", "olive": "#808000", "orange": "#ff8000",
    "pink": "#ffbfbf", "purple": "#bf0040", "teal": "#008080", "violet": "#800080",
}  # fmt: skip


def styled(character: str, alphabet: str) -> str:
    """The character in one of Unicode's mathematical alphabets, or itself where that has none."""
    if alphabet not in _ALPHABETS:
        return character
    capitals, small, digits = _ALPHABETS[alphabet]
    code = ord(character)
    if "A" <= character <= "Z":
        found = chr(capitals + code - ord("A"))
    elif "a" <= character <= "z":
        found = chr(small + code - ord("a"))
    elif "0" <= character <= "9" and digits:
        found = chr(digits + code - ord("0"))
    elif alphabet in _GREEK and "Α" <= character <= "Ω":
        found = chr(_GREEK[alphabet][0] + code - ord("Α"))
    elif alphabet in _GREEK and "α" <= character <= "ω":
        found = chr(_GREEK[alphabet][1] + code - ord("α"))
    elif alphabet in _GREEK and character in _GREEK_VARIANTS:
        found = chr(_GREEK[alphabet][1] + 25 + _GREEK_VARIANTS.index(character))
    elif alphabet in _GREEK and character == "∇":
        found = chr(_GREEK[alphabet][0] + 25)
    else:
        return character
    return _ELSEWHERE.get(found, found)
