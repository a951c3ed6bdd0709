"""The table of credit and furniture lines: data, one row a form.

A row is (language, role, pattern). Patterns are matched against a whole line after :func:`pipeline.dedup.text.fold`
and with white space made single, ignoring case. Placeholders:

=======  =====================================================================
``{A}``  an author or several ("Ana Ruiz and Tom Blake")
``{O}``  an outlet: a name or a host
``{U}``  an http(s) address
``{N}``  a number, in digits of any script, or an article ("an hour ago")
``{D}``  a date or time in any form
=======  =====================================================================

Roles: ``credit`` (says where the piece was first or comes from), ``stamp`` (an aggregator's source and age), ``more``
(the text goes on elsewhere), ``byline``, ``agency`` (who reported, wrote, edited, contributed), ``rights`` (a copyright
line), ``own`` (a site's stamp on its own update: no credit), ``furniture`` (says nothing about the piece).

The forms were met on news pages of 2016-2025; tests/data/forms.tsv holds an example of each, with what must be read.
"""

from __future__ import annotations

PIECE = r"(?:article|story|post|piece|essay|column|commentary|op-ed|report|interview|item|analysis|content)"

FORMS: tuple[tuple[str, str, str], ...] = (
    # --- English: where it comes from
    ("en", "credit", r"(?:authored|written|submitted) by {A} via {O}"),
    ("en", "credit", r"(?:authored|written|penned) by {A}"),
    ("en", "credit", r"by {A},? (?:via|for|at|writing (?:in|for)|originally (?:published )?(?:at|in|on)) {O}"),
    ("en", "credit", r"via {O}"),
    ("en", "credit", rf"(?:this|the|the above|the following) {PIECE} (?:by {{A}} )?(?:has |have )?(?:was|is|been|were)? ?"
                     r"(?:first|originally|initially|previously|also)? ?(?:published|appeared|posted|ran|aired|printed)"
                     r"(?: first| originally)?(?: {D})?,? (?:by {A} )?(?:by|on|in|at|with|for) {O}"),
    ("en", "credit", r"(?:first|originally|previously) (?:published|appeared|posted) (?:by|on|in|at|with|for) {O}"),
    ("en", "credit", rf"(?:this|the) {PIECE} (?:is|was|has been|is being) (?:re-?published|reprinted|reproduced|syndicated|reposted|"
                     r"cross-?posted|adapted|excerpted|taken|translated)(?: here)?(?: with (?:kind )?permission)? (?:from|by|courtesy of) {O}"),
    ("en", "credit", r"(?:it is being )?(?:re-?published|reprinted|reproduced|cross-?posted|reposted|syndicated|adapted|excerpted)"
                     r"(?: here)?(?: with (?:kind )?permission)?(?: of| from| courtesy of) {O}"),
    ("en", "credit", rf"(?:this|the) {PIECE} comes (?:to (?:you|us) )?(?:from|courtesy of) {{O}}"),
    ("en", "credit", rf"(?:this|the) {PIECE} (?:was|is) (?:produced|provided|supplied|made available) (?:by|for) {{O}}"),
    ("en", "credit", r"the post .{3,200} (?:appeared|was published) first on {O}"),
    ("en", "credit", r"this post appeared first on {O}"),
    ("en", "credit", r"provided by {O}"),
    ("en", "credit", r"courtesy of {O}"),
    ("en", "credit", r"(?:original )?(?:article )?sources?:+ ?(?:via )?{O}"),
    ("en", "credit", r"(?:original|source|original article|originally at|via|link):? ?{U}"),
    ("en", "credit", r"\(?source:? {O}\)?"),
    ("en", "credit", rf"read the original(?: {PIECE})?(?: (?:on|at|in|here at) {{O}})?(?: here)?"),
    ("en", "credit", rf"(?:the )?original {PIECE} (?:can be found|is available|appeared) (?:on|at|in) {{O}}"),
    ("en", "credit", r"\(?the story has been published from a syndicated feed.{0,80}"),
    ("en", "credit", r"\(?except for the headline, this story has not been edited by .{2,60}"),
    ("en", "credit", r"\(?with inputs from {O}\)?"),
    ("en", "credit", r"press release:? {O}"),
    ("en", "stamp", r"{O} {N} (?:second|minute|min|hour|hr|day|week|month|year)s? ago"),
    ("en", "stamp", r"(?:from|via|source:) {O}, {N} (?:second|minute|hour|day|week|month|year)s? ago"),
    ("en", "more", rf"(?:\W*)(?:read|see|view|continue reading|continue|go to) (?:the )?(?:entire|full|whole|complete|rest of (?:the|this)|remaining)"
                   rf"(?: {PIECE})?(?: here)?(?: (?:at|on|in|via|from) {{O}})?"),
    ("en", "more", r"(?:\W*)continue reading(?: (?:at|on|in|via|from|this (?:article|story) (?:at|on)) {O})?"),
    ("en", "more", r"(?:\W*)(?:read|see) (?:more|on)(?: (?:at|on|in|from|via) {O})?"),
    ("en", "more", r"(?:click )?here to (?:read|continue|see) .{0,60}"),
    # --- English: who
    ("en", "byline", r"by:? {A}(?:,| \||,? (?:of|for|from|at|-)) {O}(?:,| \|) {D}"),
    ("en", "byline", r"by:? {A}(?:,| \||,? (?:of|for|from|at)) {O}"),
    ("en", "byline", r"by:? {A}"),
    ("en", "byline", r"{A}(?:,| \|) {O}(?:,| \|) {D}"),
    ("en", "byline", r"{O} - by {A} - {O2}"),
    ("en", "byline", r"from {O}'s {A}"),
    ("en", "agency", r"\(?(?:additional )?(?:reporting|writing|editing|compiled|report) by {A}(?:;|\)|,| in ).{0,200}"),
    ("en", "agency", r"\(?(?:additional )?(?:reporting|writing|editing|compiled) by {A}\)?"),
    ("en", "agency", r"{O} (?:staff )?(?:writers?|reporters?|correspondents?) {A} .{0,120}contributed to this (?:report|story|article)"),
    ("en", "agency", r"(?:the )?{O}(?:'s?)? (?:also )?contributed (?:reporting )?to this (?:report|story|article)"),
    ("en", "agency", r"contributing: {O}"),
    ("en", "agency", r"{A} (?:reported|contributed) from .{2,60}"),
    ("en", "agency", r"{A} (?:is|are) (?:an? )?{O} (?:staff )?(?:writer|reporter|correspondent)s?"),
    ("en", "rights", r"(?:copyright|©|\(c\)|™ & ©)(?: ©|\(c\))? ?(?:{Y} )?(?:by )?(?:the )?{O}[.,] ?(?:all rights reserved|inc|llc|this material).*"),
    ("en", "rights", r"(?:copyright|©|\(c\))(?: ©|\(c\))? ?{Y}(?: by)? {O}"),
    ("en", "own", rf"(?:this|the) {PIECE} (?:was )?(?:originally )?(?:published|updated|posted)(?: (?:on|at))? {{D}}"),
    ("en", "own", r"(?:originally |first )?(?:published|posted|updated|last updated|last modified)(?: (?:on|at))?:? {D}"),
    ("en", "furniture", r"(?:share|tweet|email|print|comment|comments|save|like|follow us|advertisement|sponsored|promoted)"
                        r"(?:[ |:•/].{0,60})?"),
    ("en", "furniture", r"(?:sign up|subscribe)(?: now| here| today| free)?(?: (?:for|to) .{2,120})?"),
    ("en", "furniture", r"(?:advertisement|story continues below|article continues below).{0,60}"),
    ("en", "furniture", r"(?:click here to|please) (?:comment|subscribe|donate|log in|sign in).{0,80}"),
    ("en", "furniture", r"(?:most popular|trending|related (?:articles?|stories|posts|links?)|recommended|you may also like|more from .{2,40}):?"),
    ("en", "furniture", r"(?:read or share this story|follow (?:us|me|him|her|them|{A}) (?:on|at)|loading comments|file photo|image \d+ of).{0,120}"),
    ("en", "furniture", r"(?:view|read|leave|post|add|write) (?:a |all |\d+ )?comments?.{0,20}"),
    ("en", "furniture", r".{2,60} is a reader-supported publication.{0,160}"),
    ("en", "furniture", r"thanks for reading .{2,80}"),
    # --- German
    ("de", "credit", r"(?:dieser|der) (?:artikel|beitrag|text|kommentar|essay) (?:ist |wurde )?(?:zuerst |ursprünglich |erstmals )?(?:erschien|erschienen|"
                     r"veröffentlicht)?(?: zuerst| ursprünglich)?(?: am {D})? ?(?:auf|in|bei|im|von) {O}(?: (?:erschienen|veröffentlicht))?"),
    ("de", "credit", r"(?:zuerst|ursprünglich|erstmals) (?:erschienen|veröffentlicht) (?:auf|in|bei|im|von) {O}"),
    ("de", "credit", r"(?:quelle|original|originalartikel|erschienen in|aus dem magazin|übernommen von|mit freundlicher genehmigung von):? {O}"),
    ("de", "credit", r"mit (?:informationen|material) (?:von|der) {O}"),
    ("de", "byline", r"(?:von|text:) {A}(?:, {O})?"),
    ("de", "stamp", r"{O} vor {N} (?:sekunde|minute|stunde|tag|woche|monat|jahr)(?:n|en|e)?"),
    ("de", "more", r"\W*(?:weiterlesen|weiter lesen|mehr lesen|lesen sie (?:weiter|mehr)|(?:den )?(?:ganzen|vollständigen) artikel lesen)(?: (?:auf|bei|in) {O})?"),
    # --- French
    ("fr", "credit", r"(?:cet|l')? ?(?:article|texte|tribune|billet) (?:a été |est )?(?:d'abord |initialement |originalement )?(?:publiée?|paru|republiée?|repris)"
                     r"(?: pour la première fois| initialement)?(?: {D})? (?:sur|dans|par|chez|à partir de|de) {O}"),
    ("fr", "credit", r"(?:article original )?(?:publié|paru) (?:initialement |d'abord )?(?:sur|dans|par|chez) {O}"),
    ("fr", "credit", r"(?:source|article original|avec l'aimable autorisation de) ?:? {O}"),
    ("fr", "byline", r"par {A}(?:, {O})?"),
    ("fr", "stamp", r"{O} il y a {N} (?:seconde|minute|heure|jour|semaine|mois|an)s?"),
    ("fr", "more", r"\W*(?:lire la suite|lire l'article (?:complet|entier|original)|continuer la lecture|en lire plus)(?: (?:sur|dans|chez) {O})?"),
    # --- Spanish
    ("es", "credit", r"(?:este|el) (?:artículo|texto|reportaje|ensayo|contenido) (?:fue |ha sido |se )?(?:publicó|publicado|apareció|reproduce)?(?: por primera vez| "
                     r"originalmente| originariamente)? ?(?:publicado )?(?:el {D} )?(?:en|por|de) {O}"),
    ("es", "credit", r"(?:publicado originalmente|publicado por primera vez|originalmente publicado|reproducido con permiso|tomado) (?:en|por|de) {O}"),
    ("es", "credit", r"(?:fuentes?|con información de|vía) ?:? {O}"),
    ("es", "byline", r"por:? {A}(?:, {O})?"),
    ("es", "stamp", r"{O} hace {N} (?:segundo|minuto|hora|día|semana|mes|año)(?:e?s)?"),
    ("es", "more", r"\W*(?:leer más|seguir leyendo|sigue leyendo|continuar leyendo|leer (?:el )?artículo (?:completo|original)|lea la nota completa)(?: (?:en|de) {O})?"),
    # --- Italian
    ("it", "credit", r"(?:questo|l')? ?(?:articolo|testo|pezzo) (?:è stato |è )?(?:pubblicato|apparso|uscito|ripubblicato)(?: originariamente| originalmente| per la prima volta| inizialmente)?"
                     r"(?: {D})? (?:su|in|da|sul|nel) {O}"),
    ("it", "credit", r"(?:fonte|tratto da|per gentile concessione di) ?:? {O}"),
    ("it", "byline", r"(?:di|a cura di) {A}(?:, {O})?"),
    ("it", "stamp", r"{O} {N} (?:secondi|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]) fa"),
    ("it", "more", r"\W*(?:continua a leggere|leggi tutto|leggi l'articolo (?:completo|originale)|leggi di più)(?: (?:su|in) {O})?"),
    # --- Portuguese
    ("pt", "credit", r"(?:este|o) (?:artigo|texto|conteúdo) foi (?:originalmente )?publicado(?: originalmente| pela primeira vez)?(?: {D})? (?:em|no|na|por|pelo|pela) {O}"),
    ("pt", "credit", r"(?:publicado originalmente|reproduzido|republicado) (?:em|no|na|de|do|da|por) {O}"),
    ("pt", "credit", r"(?:fonte|com informações d[aeo]) ?:? {O}"),
    ("pt", "byline", r"por:? {A}(?:, {O})?"),
    ("pt", "stamp", r"{O} há {N} (?:segundo|minuto|hora|dia|semana|m[êe]s|ano)(?:e?s)?"),
    ("pt", "more", r"\W*(?:leia mais|continue lendo|leia (?:o artigo|a matéria) (?:completo|completa|original)|leia na íntegra)(?: (?:em|no|na) {O})?"),
    # --- Dutch
    ("nl", "credit", r"(?:dit|het) (?:artikel|stuk|essay) (?:verscheen|is|werd)(?: eerder| oorspronkelijk| eerst)?(?: gepubliceerd| verschenen)?(?: {D})? (?:op|in|bij|door) {O}"),
    ("nl", "credit", r"(?:bron|overgenomen van|met toestemming van) ?:? {O}"),
    ("nl", "byline", r"door:? {A}(?:, {O})?"),
    ("nl", "stamp", r"{O} {N} (?:seconden?|minu(?:ut|ten)|uur|uren|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|jaar) geleden"),
    ("nl", "more", r"\W*(?:lees verder|lees meer|lees het (?:hele|volledige|originele) artikel)(?: (?:op|bij|in) {O})?"),
    # --- Polish
    ("pl", "credit", r"(?:ten )?(?:artykuł|tekst) (?:pochodzi z|ukazał się(?: pierwotnie| po raz pierwszy)? (?:w|na)|został opublikowany(?: pierwotnie)? (?:w|na|przez)) {O}"),
    ("pl", "credit", r"(?:źródło|przedruk z|za zgodą) ?:? {O}"),
    ("pl", "byline", r"(?:autor|tekst):? {A}"),
    ("pl", "stamp", r"{O} {N} (?:sekund|minut|godzin|dni|tygodni|miesięcy|dzień|tydzień|miesiąc|lat)[ęya]? temu"),
    ("pl", "more", r"\W*(?:czytaj (?:dalej|więcej|całość)|przeczytaj (?:cały artykuł|więcej|całość))(?: (?:na|w) {O})?"),
    # --- Russian
    ("ru", "credit", r"(?:оригинал|полный текст|перевод|источник) (?:этой |этого |данной )?(?:статьи|текста|материала|публикации)?,? ?(?:был )?(?:впервые )?(?:опубликован|размещен|находится|доступен)[аоы]?"
                     r"(?: {D})? (?:в|во|на|на сайте|изданием|порталом) {O}"),
    ("ru", "credit", r"(?:эта |данная )?(?:статья|публикация|колонка) (?:была )?(?:впервые |первоначально )?(?:опубликована|вышла|появилась)(?: впервые)? (?:в|во|на|на сайте) {O}"),
    ("ru", "credit", r"(?:этот |данный )?(?:материал|текст) (?:был )?(?:впервые |первоначально )?(?:опубликован|вышел|появился)(?: впервые)? (?:в|во|на|на сайте) {O}"),
    ("ru", "credit", r"(?:источник|оригинал|перепечатано из|по материалам|перепечатка из) ?:? {O}"),
    ("ru", "credit", r"оригинал статьи (?:опубликован )?по ссылке:? {U}"),
    ("ru", "byline", r"автор:? {A}"),
    ("ru", "stamp", r"{O} {N} (?:секунд|минут|час|день|дня|дней|недел|месяц|год|лет)[а-я]{0,3} назад"),
    ("ru", "more", r"\W*(?:читать (?:далее|дальше|полностью|статью полностью|продолжение|весь текст)|подробнее)(?: (?:на|в) {O})?"),
    # --- Ukrainian
    ("uk", "credit", r"(?:оригінал статті|ця стаття|цей матеріал)(?: була?)?(?: вперше)? (?:опублікован[аоий]+|з'явила?ся)(?: вперше)? (?:в|у|на|на сайті) {O}"),
    ("uk", "credit", r"(?:джерело|передруковано з|за матеріалами) ?:? {O}"),
    ("uk", "stamp", r"{O} {N} (?:секунд|хвилин|годин|день|дні|днів|тиж|місяц|рік|рок)[а-яіїє]{0,3} тому"),
    ("uk", "more", r"\W*(?:читати (?:далі|повністю|більше)|детальніше)(?: (?:на|в|у) {O})?"),
    # --- Turkish
    ("tr", "credit", r"bu (?:makale|yazı|haber) ilk (?:olarak|kez) {O}(?:'?(?:de|da|te|ta|nde|nda))? (?:yayımlan|yayınlan|çık)[a-zışğü]+"),
    ("tr", "credit", r"(?:kaynak) ?:? {O}"),
    ("tr", "stamp", r"{O} {N} (?:saniye|dakika|saat|gün|hafta|ay|yıl) önce"),
    ("tr", "more", r"\W*(?:devamını oku|devamı|haberin devamı|tamamını oku)(?:yun)?"),
    # --- Swedish, Danish, Norwegian
    ("sv", "credit", r"(?:den här|denna) (?:artikeln?|texten?) (?:publicerades|är)(?: först| ursprungligen)?(?: publicerad)? (?:i|på|av) {O}"),
    ("sv", "credit", r"(?:källa|ursprungligen publicerad (?:i|på)) ?:? {O}"),
    ("sv", "stamp", r"{O} för {N} (?:sekund|minut|timm|dag|veck|månad|år)[a-z]{0,3} sedan"),
    ("sv", "more", r"\W*(?:läs mer|läs hela artikeln|fortsätt läsa)(?: (?:på|i) {O})?"),
    ("da", "credit", r"(?:denne|artiklen) (?:artikel )?(?:blev |er )?(?:først|oprindeligt) (?:bragt|udgivet|publiceret) (?:i|på|af) {O}"),
    ("no", "credit", r"(?:denne|artikkelen) (?:artikkelen )?(?:ble |er )?(?:først|opprinnelig) (?:publisert|trykket) (?:i|på|av) {O}"),
    ("da", "credit", r"(?:kilde) ?:? {O}"),
    # --- Chinese
    ("zh", "credit", r"[(【\[]?(?:本文|文章|全文)?(?:转载自|轉載自|转自|轉自|摘自|来自|來自|首发于|首發於|原载于|原載於|最初发表于|最早发表于|原文发表于|刊载于|刊登于)[::]? ?{O}"),
    ("zh", "credit", r"[(【\[]?(?:文章)?(?:来源|來源|出处|出處|稿源|信息来源)[::] ?(?:本文)?(?:转载自|轉載自)? ?{O}"),
    ("zh", "credit", r"(?:原文(?:链接|連結|地址|网址)?|如若转载,请注明出处)[::] ?{U}"),
    ("zh", "byline", r"(?:作者|文|撰文|记者|記者)[::/] ?{A}"),
    ("zh", "stamp", r"{O} ?{N} ?(?:秒|分钟|分鐘|小时|小時|天|周|週|个月|個月|年)前"),
    ("zh", "more", r"\W*(?:阅读全文|閱讀全文|阅读更多|閱讀更多|查看原文|阅读原文|閱讀原文|继续阅读|繼續閱讀|查看全文)"),
    # --- Japanese
    ("ja", "credit", r"(?:この|本)(?:記事|文章|論考)は?、? ?(?:最初に|当初)?、? ?{O}(?:に|にて|で|が)(?:も|初めて|最初に)?(?:掲載|投稿|公開|発表|配信)(?:された|されました|されています|したもの|しました).{0,20}"),
    ("ja", "credit", r"(?:この記事は)?{O}(?:から|より)(?:の)?転載(?:です|しました|しています)?"),
    ("ja", "credit", r"(?:出典|提供|引用元|初出|配信元|元記事)[::] ?{O}"),
    ("ja", "byline", r"(?:文|著者|執筆|取材)[::/=・] ?{A}"),
    ("ja", "stamp", r"{O} ?{N} ?(?:秒|分|時間|日|週間|か月|ヶ月|年)前"),
    ("ja", "more", r"\W*(?:続きを読む|全文を読む|もっと読む|記事全文|元の記事を読む)"),
    # --- Korean
    ("ko", "credit", r"(?:이|본) (?:기사|글|칼럼)[은는] (?:원래 )?{O}(?:에|에서|에 의해) (?:처음 |먼저 |최초로 )?(?:게재|발행|실|작성|공개)[가-힣]+"),
    ("ko", "credit", r"(?:출처|원문|제공) ?[::] ?{O}"),
    ("ko", "byline", r"(?:글|기자) ?[::=] ?{A}"),
    ("ko", "stamp", r"{O} {N} ?(?:초|분|시간|일|주|개월|년) 전"),
    ("ko", "more", r"\W*(?:계속 읽기|더 ?보기|전문 보기|기사 전문 보기|원문 보기)"),
    # --- Arabic
    ("ar", "credit", r"(?:نشر|نُشر|نشرت|نُشرت) ?(?:هذا |هذه )?(?:المقال|المقالة|النص|التقرير)?(?: لأول مرة| أولا| في الأصل)? (?:في|على|عبر|لدى) (?:موقع |صحيفة )?{O}"),
    ("ar", "credit", r"(?:هذا المقال|هذه المقالة) (?:منشور|منشورة|نشر|نشرت|منقول|منقولة)(?: أصلا| في الأصل| لأول مرة)? (?:في|على|عن|من) (?:موقع |صحيفة )?{O}"),
    ("ar", "credit", r"(?:المصدر|نقلا عن|المصدر الأصلي|عن) ?: ?{O}"),
    ("ar", "byline", r"(?:بقلم|كتب|بقلم الكاتب) ?:? ?{A}"),
    ("ar", "stamp", r"{O} (?:منذ|قبل) (?:{N} )?(?:ثانية|ثوان|دقيقة|دقائق|ساعة|ساعات|ساعتين|يوم|أيام|يومين|أسبوع|أسابيع|شهر|أشهر|سنة)"),
    ("ar", "more", r"\W*(?:اقرأ المزيد|اقرأ أيضا|تابع القراءة|المزيد|قراءة المقال كاملا|اقرأ المقال كاملا|إقرأ المزيد)(?: (?:على|في) {O})?"),
    # --- Hindi
    ("hi", "credit", r"यह (?:लेख|आलेख|खबर|रिपोर्ट) (?:पहली बार |मूल रूप से |सबसे पहले |पहले )?{O} (?:पर|में|द्वारा) (?:पहली बार |मूल रूप से |सबसे पहले )?(?:प्रकाशित|छपा|छपी)(?: हुआ| हुई| की| किया)?.{0,20}"),
    ("hi", "credit", r"(?:स्रोत|साभार|सौजन्य) ?[:-] ?{O}"),
    ("hi", "byline", r"(?:लेखक|द्वारा) ?[:-] ?{A}"),
    ("hi", "stamp", r"{O} {N} (?:सेकंड|मिनट|घंटे|घंटा|दिन|सप्ताह|हफ्ते|महीने|साल) पहले"),
    ("hi", "more", r"\W*(?:और पढ़ें|पूरा पढ़ें|आगे पढ़ें|पूरी खबर पढ़ें|पूरा लेख पढ़ें)(?: {O} पर)?"),
    # --- Thai
    ("th", "credit", r"บทความนี้(?:ได้รับการ|ถูก)?(?:ตีพิมพ์|เผยแพร่)(?:ครั้งแรก)?(?:ใน|ที่|โดย|บน) ?{O}"),
    ("th", "credit", r"(?:ที่มา|แหล่งที่มา|ขอบคุณข้อมูลจาก) ?:? ?{O}"),
    ("th", "stamp", r"{O} {N} ?(?:วินาที|นาที|ชั่วโมง|วัน|สัปดาห์|เดือน|ปี)(?:ที่แล้ว|ที่ผ่านมา)"),
    ("th", "more", r"\W*(?:อ่านต่อ|อ่านเพิ่มเติม|อ่านทั้งหมด)"),
)  # fmt: skip

CALENDAR = frozenset(
    """
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october
    november december am pm a.m p.m et edt est cdt cst pdt pst gmt utc bst cet cest at on updated published posted the th st nd rd of
    montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember uhr um den am
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre novembre
    décembre à le h lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre de del a las lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio
    giugno luglio settembre ottobre dicembre segunda terça quarta quinta sexta feira janeiro fevereiro março maio junho julho setembro
    outubro dezembro maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei augustus
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря понедельник вторник среда четверг пятница
    суббота воскресенье г в 年 月 日 时 分 點 点 時 星期 년 월 일
    """.split()
)
