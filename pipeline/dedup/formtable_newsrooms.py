"""How newsrooms mark what they have from an agency, and close a page; see :mod:`pipeline.dedup.formtable`.

These forms are tried before all others: "© Riproduzione riservata" names no outlet.
"""

from __future__ import annotations

# Alone on a line, these say who made the piece; as words they are mostly no names of anything else.
AGENCY = (
    r"(?:afp|ap|reuters|rtr|dpa|dpa-afx|apa|sda|keystone-sda|kna|epd|sid|efe|europa press|ansa|adnkronos|agi|lusa|belga|anp|tt|stt"
    r"|ntb|ritzau|pap|čtk|tasr|mti|agerpres|mediafax|απε-μπε|pti|ani|ians|uni|xinhua|bernama|tass|тасс|риа новости|интерфакс"
    r"|укринформ|укрінформ|aa|dha|iha|antara|ttxvn|연합뉴스|뉴시스|共同|共同通信|共同通信社|時事|時事通信|時事通信社|新华社|新華社|中新社|中央社"
    r"|رويترز|الأناضول|أ ?ف ?ب|د ?ب ?أ|وكالات|भाषा|वार्ता|বাসস"
    r"|(?:news )?agencies|agencias|agences|agenzie|agenturen|agências|агентства)"
)

NEWSROOMS: tuple[tuple[str, str, str], ...] = (
    ("it", "rights", r"© ?riproduzione riservata(?: .{2,40})?|riproduzione riservata(?: ?©.{0,40})?"),
    ("es", "rights", r"© ?(?:todos los derechos reservados|prohibida su reproducción)(?:.{0,80})?"),
    ("fr", "rights", r"© ?(?:tous droits réservés|reproduction interdite)(?:.{0,80})?"),
    ("de", "rights", r"© ?alle rechte vorbehalten(?:.{0,80})?|© ?dpa-infocom.{0,60}"),
    ("pt", "rights", r"© ?todos os direitos reservados(?:.{0,80})?"),
    ("en", "rights", r"© ?all rights reserved(?:.{0,80})?"),
    ("en", "agency", rf"/?{AGENCY}(?: ?(?:/|-|,|;|&| and | und | et | y | e ) ?{AGENCY}){{0,3}}/?"),
    ("en", "agency", r"with (?:agency inputs|inputs from (?:news )?agencies)"),
    ("en", "agency", r"(?:published|edited|curated|uploaded|compiled) by ?: ?{A}(?: ?\| ?.{2,80})?"),
    ("en", "credit", r"(?:re-?published|reprinted|reproduced|reposted) (?:here )?(?:with|by) (?:kind )?permission"),
    ("en", "credit", r"this (?:report|story|article) (?:is|was|has been) (?:auto-?|automatically )?(?:generated|sourced|published) from (?:an? |the )?{O} (?:news service|news agency|wire service|feed|newswire|wire)"),
    ("en", "credit", r"this (?:report|story|article) has (?:not been edited by .{2,60}|been published (?:as part of|from) (?:the|an?) (?:auto-?generated )?(?:syndicated?|wire|agency) (?:wire )?feed.{0,120})"),
    ("en", "own", r"(?:from the archives?: )?this (?:article|story|piece|post|essay|column) was first published in {D}"),
    ("de", "agency", r"dpa/[a-z]{2,4}|(?:dpa|afp|rtr|epd|kna)(?:/[a-z]{2,4}){1,3}"),
    ("fr", "credit", r"(?:(?:par )?[^.:]{2,40} )?avec (?:l')?{M}"),
    ("fr", "agency", r"avec (?:les )?agences"),
    ("es", "credit", r"con (?:datos|información|informes|material) de (?:la agencia )?{C}"),
    ("es", "agency", r"(?:redacción ?/ ?)?(?:agencias|con información de agencias)"),
    ("pt", "credit", r"(?:\*? ?)?com (?:a )?{M}"),
    ("it", "byline", r"(?:redazione|a cura della redazione|di redazione)"),
    ("el", "credit", r"με πληροφορίες (?:από )?(?:το |την |τον )?{C}"),
    ("id", "credit", r"(?:disadur|dikutip|dilansir|melansir) (?:dari )?{C}"),
    ("id", "agency", r"(?:editor|penyunting|redaktur) ?: ?{A}"),
    ("id", "rights", r"copyright ?© ?{O} {Y}"),
    ("id", "furniture", r"halaman (?:selanjutnya|berikutnya|\d{1,2})|(?:\d{1,2} ){1,9}(?:selanjutnya|tampilkan semua)"),
    ("ur", "credit", r"(?:بشکریہ|ماخذ|ذریعہ|بحوالہ) ?:? ?{O}"),
    ("fa", "credit", r"به نقل از {O}"),
    ("fa", "furniture", r"انتهای پیام ?/?(?: ?.{1,12})?"),
    ("ar", "agency", r"(?:(?:تغطية صحفية|شارك في التغطية) .{2,60} ?- ?)?(?:إعداد|اعداد|كتابة) {A} للنشرة العربية(?: ?- ?.{2,80})?"),
    ("ar", "agency", r"[\u0621-\u064a ]{2,24} ?[-/(] ?(?:وكالات|رويترز|الأناضول|أ ?ف ?ب|د ?ب ?أ)"),
    ("hi", "credit", r"यह (?:खबर|ख़बर|रिपोर्ट|लेख) '?{O}'? (?:न्यूज़ एजेंसी|समाचार एजेंसी) .{2,200}"),
    ("en", "credit", r"(?:this|the) (?:article|story|post|piece|essay|column|report) (?:was|is) (?:written|contributed) by {A} (?:for|of|from) {O}"),
    ("en", "credit", r"(?:article|story|text|content) (?:courtesy of|provided by) {C}"),
    ("en", "credit", r"full (?:story|article|text): ?{C}"),
    ("en", "furniture", r"the views? expressed (?:in this (?:article|piece|column) )?(?:are|is) (?:those of the author|the author's own).{0,160}"),
    ("de", "agency", r"mit (?:dpa|afp|reuters|epd|kna|apa|agenturmaterial|material von agenturen)(?:(?:/|, | und )(?:dpa|afp|reuters|epd|kna|apa))?"),
    ("de", "credit", r"(?:lesen sie|hier geht es zu[mr]|zum) (?:den |das )?original(?:text|artikel|beitrag)?(?: hier)?"),
    ("tr", "credit", r"haberin kaynağı ?: ?{C}"),
    ("id", "credit", r"artikel ini (?:telah|sudah) tayang (?:sebelumnya )?di {O} dengan judul .{3,200}"),
    ("id", "credit", r"baca artikel asli(?:nya)?(?: di sini)?"),
    ("ru", "credit", r"(?:об этом )?(?:сообщает|сообщают|сообщил[аио]?|пишет|пишут|передает|передаёт) {C}"),
    ("ru", "credit", r"(?:подробнее|читать|читайте) (?:на|в|на сайте) {O} ?: ?{U}"),
    ("ru", "credit", r"(?:читать (?:в источнике|оригинал)|оригинал (?:новости|статьи|материала))"),
    ("uk", "credit", r"(?:про це )?(?:повідомляє|повідомляють|повідомила?|пише|пишуть|передає) {C}"),
    ("th", "credit", r"(?:ขอบคุณ)(?:ภาพและ)?ข้อมูล(?:และภาพ)?จาก ?:? ?{O}"),
    ("th", "credit", r"อ่านข่าวต้นฉบับ ?: ?{O}"),
    ("ja", "credit", r"※?(?:この|本)(?:記事|稿|コラム)は、?{O}(?:から|より|の許可を得て|の許諾を得て|の提供(?:により|を受け))、?(?:の)?(?:転載|引用|掲載|配信)(?:です|しました|しています|しているものです|しております)?"),
    ("zh", "credit", r"(?:本文|文章)?(?:来源|來源) ?[|丨/] ?{O}"),
    ("zh", "credit", r"本文(?:来源|來源|来自|來自) ?: ?{O}"),
    ("zh", "credit", r"(?:本文|文章)?(?:经授权)?(?:转载自|轉載自|首发于|首發於|转自|原载|来自|來自)(?:微信)?(?:公众号|公眾號|公号) ?:? ?{O}"),
    ("zh", "agency", r"[\u4e00-\u9fff]{0,4}(?:主编|主編) ?: ?{A} .{2,60}"),
    ("zh", "byline", r"(?:记者|記者|通讯员|实习生) {A}"),
    ("zh", "furniture", r"原标题 ?: ?.{2,80}|原標題 ?: ?.{2,80}|转载请注明(?:来源|出处)|轉載請註明(?:來源|出處)"),
    ("ko", "credit", r"\[?출처\]? ?:? ?{O}"),
    ("hi", "agency", r"(?:एजेंसी|एजेंसियां)"),
    ("fa", "credit", r"(?:منبع خبر|به گزارش) ?:? ?{O}"),
    ("fa", "agency", r"/?(?:ایرنا|ایسنا|مهر|فارس|تسنیم)/?"),
    ("bn", "credit", r"(?:মূল সূত্র|তথ্যসূত্র) ?[:-] ?{O}"),
    ("el", "credit", r"με πληροφορίες ?: ?{C}"),
    ("sr", "credit", r"(?:izvor|izvori|извор) ?: ?{C}"),
    ("sr", "credit", r"(?:preuzeto|prenosimo) (?:sa?|iz) (?:portala |sajta )?{C}"),
    ("sr", "agency", r"(?:tanjug|beta|fonet|srna|hina|fena|танјуг|бета|фонет)"),
    ("zh", "credit", r"{D} ?(?:来源|來源|稿源|出处|出處) ?: ?{O}(?: ?(?:作者|编辑|編輯|责任编辑|責任編輯|记者|記者) ?: ?.{1,20})?"),
    ("zh", "agency", r"(?:责任编辑|責任編輯|编辑|編輯|责编|責編) ?: ?{A} ?[a-z]{0,4}\d{0,8}"),
    ("zh", "byline", r"(?:记者|記者) ?{A} ?/ ?[\u4e00-\u9fff]{2,6}(?:报道|報導|報道)"),
    ("zh", "furniture", r"完|举报/反馈|舉報/反饋|看原文連結|綜合報導|综合报道"),
    ("ja", "credit", r"記事(?:提供|配信) ?: ?{O}"),
    ("ja", "own", r"(?:最終更新 ?: ?)?\d{1,2}/\d{1,2}\([月火水木金土日]\) ?\d{1,2}:\d{2} ?(?:配信|更新)?"),
    ("ko", "credit", r"(?:기사|뉴스|콘텐츠) ?제공 ?:? ?{O}"),
    ("ko", "rights", r"(?:저작권자|copyright) ?(?:\(c\)|ⓒ|©|\(ⓒ\)) ?{O}(?:,| |\.) ?(?:무단|all rights).{0,80}"),
    ("ko", "own", r"{D} ?송고|입력 ?{D}"),
    ("ko", "furniture", r"끝"),
)  # fmt: skip
