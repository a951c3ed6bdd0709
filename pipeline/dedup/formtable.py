"""The table of credit and furniture lines: data, one row a form.

A row is (language, role, pattern). A pattern must match a whole line, or its first sentence, after
:func:`pipeline.dedup.fold.fold`, white space made single, markup, brackets and labels ("Editor's note:") around it
taken off, and without regard to case. Placeholders:

=======  =====================================================================
``{A}``  an author or several ("Ana Ruiz and Tom Blake")
``{O}``  an outlet: a name or a host
``{C}``  an outlet where the words around say little: every word capitalised
``{M}``  an outlet that is named like one ("Meridian Press", "The Ledger")
``{U}``  an http(s) address
``{N}``  a number, in digits of any script, or an article ("an hour ago")
``{D}``  a date or time in any form
=======  =====================================================================

Roles: ``credit`` (says where the piece was first or comes from), ``stamp`` (an aggregator's source and age), ``more``
(the text goes on elsewhere), ``byline``, ``agency`` (who reported, wrote, edited, contributed), ``rights`` (a copyright
line), ``own`` (a site's stamp on its own update: no credit), ``furniture`` (says nothing about the piece).

The forms were met on news pages of 2016-2025; tests/data/forms.tsv holds an example of each, with what must be read.
The other languages: :mod:`pipeline.dedup.formtable_europe`, :mod:`pipeline.dedup.formtable_world`, and for reprints
:mod:`pipeline.dedup.formtable_reprints`; what newsrooms put under agency copy: :mod:`pipeline.dedup.formtable_newsrooms`.
"""

from __future__ import annotations

from pipeline.dedup.formtable_europe import EUROPE
from pipeline.dedup.formtable_newsrooms import NEWSROOMS
from pipeline.dedup.formtable_reprints import REPRINTS
from pipeline.dedup.formtable_world import WORLD

Row = tuple[str, str, str]

PIECE = r"(?:article|story|post|blog post|piece|essay|column|commentary|op-ed|report|interview|item|analysis|content|excerpt|investigation|review|text|work)"
THIS = r"(?:this|the|the above|the following|an? (?:(?:earlier|longer|shorter|different|slightly different|edited) )?version of (?:this|the))"
WAS = r"(?:(?:has|have) )?(?:(?:was|is|been|were) )?"
FIRST = r"(?:first|originally|initially|previously|also|earlier|simultaneously)"
PUBLISHED = r"(?:published|appeared|posted|ran|aired|printed|featured|released)"
COPIED = r"(?:re-?published|reprinted|reproduced|syndicated|reposted|cross-?posted|cross-published|adapted|excerpted|condensed|taken|translated|shared|used)"
TIMES = r"(?:second|minute|min|hour|hr|day|week|month|year)s?"
NETWORKS = r"(?:facebook|twitter|x|instagram|telegram|linkedin|whatsapp|reddit|youtube|pinterest|mastodon|bluesky|tiktok|threads|google news)"
BUTTON = rf"(?:share|shares|tweet|pin|pin it|e-?mail|print|comment|comments|save|likes?|copy link|follow|follow us|subscribe|advertisement|sponsored|promoted|{NETWORKS}|flipboard|on|via|this|article|story)"

ENGLISH: tuple[Row, ...] = (
    ("en", "furniture", r"(?:also|more|now|elsewhere) (?:on|in|from|at) [^:]{2,60}: .{3,200}"),
    # --- where it comes from
    ("en", "credit", r"(?:authored|written|submitted|penned|posted) by {A},? (?:via|for|of|at|and (?:first |originally )?published (?:by|in|on|at)) {O}"),
    ("en", "credit", r"(?:authored|written|penned) by {A}"),
    ("en", "credit", r"by {A},? (?:via|for|at|writing (?:in|for|at)|originally (?:published |posted )?(?:at|in|on|by|for)) {C}"),
    ("en", "credit", r"(?:via|h/t|hat tip|hat tip to|ht)(?: to)?:? {C}"),
    ("en", "credit", rf"{THIS} {PIECE},? (?:written )?by {{A}},? {WAS}{FIRST}? ?{PUBLISHED}(?: {FIRST})?(?: (?:on )?{{D}})?,? (?:by|on|in|at|with|for) {{O}}"),
    ("en", "credit", rf"{THIS} {PIECE} {WAS}{FIRST}? ?{PUBLISHED}(?: {FIRST})?,? by {{A}} (?:on|in|at|for) {{O}}"),
    ("en", "credit", rf"{THIS} {PIECE} {WAS}{FIRST}? ?{PUBLISHED}(?: {FIRST})?(?: (?:on )?{{D}})?,? (?:by|on|in|at|with|for) {{O}}"),
    ("en", "credit", rf"{THIS} {PIECE} {WAS}{FIRST}? ?{PUBLISHED} in [a-z]{{4,12}},? by {{C}}"),
    ("en", "credit", rf"(?:a version of )?this (?:(?:was|is|has been) )?(?:{FIRST} {PUBLISHED}|cross-?(?:published|posted))(?: (?:on )?{{D}})?,? (?:by|on|in|at|from) {{C}}"),
    ("en", "credit", rf"{FIRST}(?: {PUBLISHED})?(?: (?:on )?{{D}})?,? (?:by {{A}} )?(?:by|on|in|at|with|for) {{C}}"),
    ("en", "credit", rf"{FIRST} {PUBLISHED}:? {{C}}"),
    ("en", "credit", rf"(?:this|the) {PIECE} (?:is|was|has been|is being|are)(?: here)? {COPIED}(?: here)?(?: with (?:kind |the )?permission)?(?: of the author)? (?:from|by|courtesy of|with permission from|with permission of|with the permission of|by permission of|on) {{O}}"),
    ("en", "credit", rf"(?:it is being |it is )?{COPIED}(?: here)?(?: with (?:kind |the )?permission| by (?:kind )?permission| by arrangement| courtesy)?(?: of| from| with| courtesy of) {{C}}"),
    ("en", "credit", rf"(?:this|the) {PIECE} (?:is|was) (?:co-?published|jointly published|co-?produced|produced in partnership|published in partnership|produced in collaboration|a collaboration|a partnership|part of a partnership|part of a collaboration)(?: with| between| by) {{O}}"),
    ("en", "credit", r"(?:co-?published with|in partnership with|produced in partnership with|published in partnership with|in collaboration with) {C}"),
    ("en", "credit", rf"(?:this|the) {PIECE} (?:comes|came) (?:to (?:you|us) )?(?:from|courtesy of|by way of) {{O}}"),
    ("en", "credit", rf"(?:this|the) {PIECE} (?:was|is) (?:produced|provided|supplied|made available|contributed|written) (?:by|for|to) {{O}}"),
    ("en", "credit", r"(?:the|this) post .{3,200} (?:appeared|was published) first on {O}"),
    ("en", "credit", r"this post (?:first appeared|appeared first) on {O}"),
    ("en", "credit", r"(?:provided|distributed|supplied|syndicated) by {C}"),
    ("en", "credit", r"(?:image and text )?courtesy of {C}"),
    ("en", "credit", r"(?:original )?(?:article |news |story )?sources?:+ ?(?:via )?{C}"),
    ("en", "credit", r"source {M}"),
    ("en", "credit", r"(?:original|source|original article|original source|originally at|originally published at|first published at|via|link|read the original|read the original at|permalink):? ?{U}"),
    ("en", "credit", rf"read (?:the|this) original(?: {PIECE})?(?: (?:on|at|in|here at) {{O}})?(?: here)?"),
    ("en", "credit", rf"read (?:the|this) {PIECE} (?:on|at) {{C}}"),
    ("en", "credit", rf"(?:the )?original (?:version of (?:this|the) )?{PIECE} (?:can be found|is available|appeared|was published|first appeared) (?:on|at|in|by) {{O}}"),
    ("en", "credit", r"(?:the|this) story (?:has been|is) (?:auto-)?(?:published|generated) from a syndicated feed.{0,80}"),
    ("en", "credit", r"except for the headline,? this story has not been edited by .{2,60}"),
    ("en", "credit", r"with inputs from {C}"),
    ("en", "credit", r"view original content(?: to download multimedia)?: ?{U}"),
    ("en", "credit", r"press release:? (?:from )?{C}"),
    ("en", "stamp", rf"{{O}}(?: \||,| -| ·| •)? {{N}} {TIMES} ago"),
    ("en", "stamp", rf"(?:from|via|source:) {{O}}, {{N}} {TIMES} ago"),
    ("en", "more", rf"(?:read|see|view|continue reading|continue|go to|click (?:here )?to read|click here for)(?: the| this)? (?:entire|full|whole|complete|rest of (?:the|this)|remaining)"
                   rf"(?: {PIECE})?(?: here)?(?: (?:at|on|in|via|from) {{O}})?"),
    ("en", "more", r"(?:keep|continue) reading(?: here)?(?: (?:at|on|in|via|from|this (?:article|story) (?:at|on)) {O})?"),
    ("en", "more", r"(?:read|see|learn) (?:more|on|in full)(?: here| at| on)?(?: (?:at|on|in|from|via) {O})?"),
    ("en", "more", r"to (?:read|see|learn) (?:more|on|the (?:full|rest of the) (?:article|story)),? (?:visit|go to|see|click) {O}"),
    ("en", "more", r"(?:click )?here to (?:read|continue|see) .{0,60}"),
    # --- who
    ("en", "byline", r"(?:posted|published|updated)(?: on)? {D},? by {A}(?: ?, updated.{0,60})?"),
    ("en", "byline", r"(?:submitted|posted|published|written|authored) by {A}(?:,| on| -) {D}"),
    ("en", "byline", r"by:? {A}(?:,? (?:of|for|from|at|-)|,| \|| -) {C}(?:,| \|| -) (?:updated:? |published:? |posted:? )?{D}"),
    ("en", "byline", r"by:? {A}(?:,| \|| -| on|, on|, posted| posted on) (?:updated:? |published:? |posted:? )?{D}"),
    ("en", "byline", r"by:? {A}(?:,? (?:of|for|from|at)|,| \|| -| /) {C}"),
    ("en", "byline", r"by:? {A},? (?:in|reporting from) .{2,30}"),
    ("en", "byline", r"(?:by|words by|story by|text by|reported by|commentary by|opinion by|analysis by|guest post by|a guest post by):? {A}"),
    ("en", "byline", r"{A}(?:,| \|) {O}(?:,| \|) {D}"),
    ("en", "byline", r"{O} - by {A} - {O2}"),
    ("en", "byline", r"{A}, for {C}"),
    ("en", "byline", r"{A} for {M}"),
    ("en", "byline", r"{A}(?: \|| /| -| ·|,) {M}"),
    ("en", "byline", r"from {O}'s {A}"),
    ("en", "agency", r"(?:translated|translation) by {A}"),
    ("en", "agency", r"(?:additional )?(?:reporting|writing|editing|compiled|report|photography|graphics|fact-checking) (?:and (?:writing|editing) )?by {A}(?:;|\)|,| in | and ).{0,200}"),
    ("en", "agency", r"(?:additional )?(?:reporting|writing|editing|compiled|edited|reported) (?:and (?:writing|editing|written) )?by {A}"),
    ("en", "agency", r"{O} (?:staff )?(?:writers?|reporters?|correspondents?) {A}(?: (?:in|from|at) .{0,120})? contributed to this (?:report|story|article)"),
    ("en", "agency", r"{A} (?:of|from) {C} contributed (?:reporting )?to this (?:report|story|article)"),
    ("en", "agency", r"{O}'s? {A}(?: and .{2,80})? contributed (?:reporting )?to this (?:report|story|article)"),
    ("en", "agency", r"(?:the )?{O} (?:also )?contributed (?:reporting )?to this (?:report|story|article)"),
    ("en", "agency", r"contributing: {O}"),
    ("en", "agency", r"{A} (?:(?:reported|contributed) from|reporting (?:in|from)) .{2,200}"),
    ("en", "agency", r"{A} (?:is|are) (?:an? )?{O} (?:staff )?(?:writer|reporter|correspondent)s?"),
    ("en", "rights", r"(?:© copyright|copyright ©|copyright \(c\)|copyright|©|\(?c\)|™ & ©) ?(?:{Y} )?(?:by )?(?:the )?{O}[.,] ?(?:all rights reserved|inc|llc|ltd|this material).{0,250}"),
    ("en", "rights", r"(?:© copyright|copyright ©|copyright \(c\)|copyright|©|\(?c\)|™ & ©) ?{Y}(?: by)? {O}"),
    ("en", "rights", r"© ?{C}"),
    ("en", "own", rf"(?:this|the) {PIECE} (?:was )?(?:(?:originally|first|last) )?(?:published|updated|posted)(?: (?:on|at))? {{D}}"),
    ("en", "own", r"(?:originally |first |last )?(?:published|posted|updated|modified)(?: (?:on|at))?:? {D}"),
    # --- neither
    ("en", "furniture", rf"{BUTTON}(?:[ ,|:•·/&+-]{{1,3}}(?:{BUTTON}|\d{{1,5}}))*+"),
    ("en", "furniture", r"(?:sign up|subscribe)(?: now| here| today| free)?(?: (?:for|to) .{2,120})?"),
    ("en", "furniture", r"(?:advertisement|story|article|content)(?: -)? continues? (?:reading )?below(?: (?:this )?ad(?:vertisement)?)?"),
    ("en", "furniture", r"(?:click here to|please) (?:comment|subscribe|donate|log in|sign in).{0,80}"),
    ("en", "furniture", r"(?:most popular|trending|trending now|related (?:articles?|stories|posts|links?|content|coverage)|recommended|recommended reading|recommended for you|you may also like|you might also like|what to read next):?"),
    ("en", "furniture", r"(?:read more|read also|read next|see also|also read|also see|related|more from .{2,40}|don't miss|watch|watch now|related story|related article)(?::| \|) .{3,200}"),
    ("en", "furniture", r"read or share this story.{0,120}"),
    ("en", "furniture", rf"follow .{{2,60}} (?:on|at) (?:{NETWORKS}|https?:|@).{{0,120}}"),
    ("en", "furniture", r"(?:loading comments|file photo|image \d{1,3} of \d{1,3}).{0,40}"),
    ("en", "furniture", r"(?:view|read|leave|post|add|write) (?:a |all |\d{1,5} )?comments?(?: (?:here|below|\(\d{1,5}))?"),
    ("en", "furniture", r"(?:(?:photos?|photograph|images?|picture|photo credit|image credit): ?|(?:photos? by|photo courtesy of|image courtesy of):? ).{2,80}"),
    ("en", "furniture", r"(?:thank you|thanks) for (?:signing up|subscribing).{0,120}"),
    ("en", "furniture", r"get (?:our|the) .{2,60} newsletter.{0,120}"),
    ("en", "furniture", r".{2,60} is an? (?:nonprofit|non-profit) newsroom.{0,180}(?:sign up|subscribe|donate|get our).{0,120}"),
    ("en", "furniture", r".{2,60} is a reader-supported publication.{0,160}"),
    ("en", "furniture", r"thanks for reading .{2,80}"),
    ("en", "furniture", r"(?:log ?in|sign ?in|register|log ?out)(?: (?:here|now|to (?:read|continue|comment|view|your) ?.{0,60}|or (?:register|sign up|subscribe).{0,60}))?"),
    ("en", "furniture", r"(?:don't have an account|already (?:a|have) (?:subscriber|member|an? account)|forgot (?:your )?password)\?.{0,120}"),
    ("en", "furniture", r"you are (?:now )?(?:signed|logged) in(?: as.{0,60})?"),
    ("en", "furniture", r"(?:enter (?:your )?city and state or zip code|your weather is set to|accuweather|current conditions)\b.{0,160}"),
    ("en", "furniture", r"(?:to find out more about facebook commenting|a link has been (?:posted|sent) to your|you have successfully|turn on (?:desktop )?notifications|get breaking news alerts|get alerts|check your (?:inbox|e-?mail))\b.{0,160}"),
    ("en", "furniture", r"(?:with a (?:digital )?subscription|support (?:local|independent) journalism|.{0,160}please consider (?:subscribing|a subscription|donating)|in order to (?:access|use|view) (?:our|this) (?:web ?)?site)\b.{0,200}"),
    ("en", "furniture", r"(?:now playing|must watch|just watched|up next|watch next|most watched|most read|scroll to top|back to top|prev(?:ious)?(?: next)?|next|close|(?:purchase: ?)?order reprint|a a|text size|news now|skip to (?:main )?content)(?: ?[|:].{0,40})?"),
    ("en", "furniture", r"(?:trending in|powered by|scroll to top of) [^.,;]{1,30}"),
    ("en", "furniture", r"(?:window|document|googletag|adsbygoogle|_taboola|jquery)(?:\.[a-z_]|\[| ?=).{0,300}"),
    ("en", "furniture", r"(?:\d{1,3})?% of readers think this (?:story|article) .{2,80}"),
    ("en", "furniture", r".{5,290}\((?:[^()]{0,40}[ /])?(?:photos?|images?|picture|file photo|foto|fotos|imagen|immagine|bild|фото|zdjęcie|fotoğraf)(?:[ /:][^()]{0,60})?"),
)  # fmt: skip

FORMS: tuple[Row, ...] = NEWSROOMS + ENGLISH + REPRINTS + EUROPE + WORLD

# What stands before a form and is no part of it.
LABELS: tuple[str, ...] = tuple(
    """
    editor's note|editors' note|editor note|ed. note|eds|note|n.b|nb|disclaimer|publisher's note|author's note
    anmerkung der redaktion|anm. d. red|hinweis der redaktion|hinweis|redaktioneller hinweis
    note de la rédaction|ndlr|note de l'éditeur|nota del editor|nota de la redacción|nota editorial|nota
    nota della redazione|nota dell'editore|n.d.r|ndr|nota do editor|nota da redação|redactie|noot van de redactie|noot
    od redakcji|przypis redakcji|nota redakcyjna|от редакции|примечание редакции|прим. ред|від редакції|примітка редакції
    redaktionens anmärkning|red. anm|redaktionens note|redaksjonens merknad|toimituksen huomautus|editörün notu|not
    poznámka redakce|pozn. red|nota redacției|a szerk|catatan redaksi|lời tòa soạn|σημείωση της σύνταξης
    编者按|编者注|編者按|編者註|注|註|編集部注|編集部より|注記|편집자 주|편집자주|ملاحظة المحرر|ملاحظة|संपादक की टिप्पणी|नोट|หมายเหตุ|หมายเหตุบรรณาธิการ
    یادداشت سردبیر|הערת המערכת|সম্পাদকের নোট
    """.replace("\n", "|").split("|")
)

# Words that say what kind of thing an outlet is, before its name; as written inside a sentence.
OUTLET_LEADS: tuple[str, ...] = (
    r"(?:(?:our|the|its) )?(?:partners?|friends|colleagues)(?: (?:at|over at))?",
    r"(?:(?:our|the|its) )?(?:\w+ )?(?:newspaper|news site|news agency|newsletter|web ?site|magazine|blog|portal|journal|podcast|network|daily|weekly)",
    r"(?:der |die |das |dem |des )?(?:\w+ )?(?:(?:Tages|Wochen)?[Zz]eitung|Zeitschrift|Nachrichtenagentur|Web[Ss]eite|Website|(?:Online)?[Pp]ortals?|Magazins?|Blogs?|Newsletters?)",
    r"(?:la |le |l'|du |au )?(?:site(?: web| internet)?|revue|journal|quotidien|magazine|blog|agence|hebdomadaire|média)(?: en ligne| de)?",
    r"(?:el |la )?(?:diario|periódico|revista|sitio(?: web)?|portal|blog|agencia|semanario)(?: digital)?",
    r"(?:il |la |lo |l')?(?:quotidiano|rivista|sito|giornale|settimanale|agenzia|blog|testata)",
    r"(?:o |a )?(?:jornal|revista|site|portal|blog|agência)",
    r"(?:de |het )?(?:krant|website|site|weblog|blog|tijdschrift|nieuwssite|persbureau|weekblad)",
    r"(?:tygodnik|dziennik|portal|magazyn|serwis|blog)(?:u|a|ie)?|gaze(?:ta|ty|cie)|stron(?:a|y|ie)",
    r"(?:газет|журнал|сайт|портал|издани|агентств|блог|видання|виданн)(?:а|е|ы|и|і|у|я|ї|о|ом)?",
    r"(?:tidningen|tidskriften|magasinet|avisen|nyhetsbyrån|bloggen|deníku?|časopisu?|serveru?|ziarul|revista|site-ul|báo|trang|harian|majalah|situs|εφημερίδα|περιοδικό)",
    r"(?:موقع|صحيفة|جريدة|مجلة|وكالة|شبكة|روزنامه|سایت|אתר|עיתון|เว็บไซต์|หนังสือพิมพ์|นิตยสาร|สำนักข่าว)",
    r"(?:the|der|die|das|dem|den|des|la|le|les|el|los|il|lo|gli|i|o|a|os|de|het|to)",
)

# Where a piece was published, and no outlet; and outlets that write themselves small.
NOT_OUTLETS = frozenset(
    "english spanish french german norwegian russian chinese arabic japanese italian portuguese dutch polish turkish swedish ukrainian print full part"
    " englisch deutsch anglais français inglés español inglese italiano inglês português engels английском".split()
)
SMALL_OUTLETS = frozenset(
    "dpa afp apa sda kna epd taz nd ntb ritzau belga anp pap tt aft efe lusa ansa heise golem netzpolitik mediapart".split()
)

# Words in the names of outlets, and of people's posts.
MEDIA_WORDS = (
    r"(?:press|news|times|post|herald|tribune|journal|gazette|ledger|courier|chronicle|guardian|observer|reporter|radio|tv|media|magazine|agency|wire"
    r"|review|daily|weekly|reuters|ap|afp|dpa|bloomberg|tns|bulletin|dispatch|examiner|independent|mail|mirror|monitor|sentinel|standard|star|sun|telegraph"
    r"|world|today|online|network|efe|ansa|lusa|belga|anp|apa|sda|epd|kna|pti|ani|ians|pap|ats|mercury|register|record|argus|advocate|enquirer|inquirer|globe|echo|express|report|institute|substack|medium)"
)
POSTS = (
    r"(?:(?:staff|senior|chief|special|contributing|guest|deputy|managing|political|national|foreign|science|sports?|business|security|editorial|technology|culture|health|economics) )*"
    r"(?:writers?|reporters?|correspondents?|editors?|columnists?|contributors?|analysts?|journalists?|staff|board|bureau chief|ph\.? ?d\.?|md|professor|fellow"
    r"|redakteur(?:in)?|korrespondent(?:in)?|journaliste?|correspondant[e]?|corresponsal|redactor[a]?|corrispondente|redatt(?:ore|rice)|correspondente|redacteur|verslaggever)"
)

CALENDAR = frozenset(
    """
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october
    november december am pm a p m et edt est cdt cst pdt pst gmt utc bst cet cest ist at on updated published posted originally the th st nd rd of
    montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember uhr um den am mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre novembre
    décembre à le h publié lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre de del a las lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio
    giugno luglio settembre ottobre dicembre ore segunda terça quarta quinta sexta feira janeiro fevereiro março maio junho julho setembro
    outubro novembro dezembro às maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei augustus om
    styczeń luty marzec kwiecień czerwiec lipiec sierpień wrzesień październik listopad grudzień stycznia lutego marca kwietnia maja czerwca
    lipca sierpnia września października listopada grudnia poniedziałek wtorek środa czwartek piątek sobota niedziela r godz
    года января февраля марта апреля мая июня июля августа сентября октября ноября декабря понедельник вторник среда четверг пятница
    суббота воскресенье г в січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня понеділок вівторок
    середа четвер п'ятниця субота неділя р о måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag augusti
    maj kl klo tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta
    joulukuuta maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim
    kasım aralık pazartesi salı çarşamba perşembe cuma cumartesi pazar saat ledna února března dubna května června července srpna září
    října listopadu prosince pondělí úterý středa čtvrtek pátek neděle v ianuarie februarie martie aprilie iunie iulie
    septembrie octombrie noiembrie decembrie luni marți miercuri joi vineri sâmbătă duminică ora január február március április május június július
    augusztus szeptember október december hétfő kedd szerda csütörtök péntek szombat vasárnap januari februari maret agustus desember
    senin selasa rabu kamis jumat sabtu minggu pukul wib tháng ngày năm thứ lúc ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου
    αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
    يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت م ص
    जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार बजे
    มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม วันที่ พ.ศ น เวลา
    ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
    年 月 日 时 時 分 點 点 星期 년 월 일 월요일 화요일 수요일 목요일 금요일 토요일 일요일 오전 오후
    """.split()
)
