"""The phrases by which single lines are told, as regular expressions, one language after another.

Matched without regard to case. To teach another language, add its phrases to the tuples; the tests of
``tests/extraction/test_extract_parts.py`` show the form of an example to add with them.
"""

from __future__ import annotations

# Where the text comes from, in lines that say nothing else: believed wherever they stand in a body.
CREDIT = (
    r"^\W*(?:(?:authored|written|submitted|posted|published|story|commentary)\s+)?by\b.{1,100}?\svia\s+\S",
    r"^\W*via\s+\S",
    r"\b(?:originally|first|previously)\s+(?:appeared|published|posted|ran|aired)\s+"
    r"(?:on|at|in|by|with|here|under)\b(?!\s*(?:\w{3,9}\.?\s+)?\d)",
    r"\b(?:appeared|published|posted|ran)\s+(?:first|originally)\s+(?:on|at|in|by|with|here|under)\b",
    r"\b(?:re-?published|re-?printed|re-?posted|cross-?(?:posted|published)|syndicated) "
    r"(?:from|with|under|by|on|here)\b",
    r"\bpublished\s+(?:with|by) permission\b|\bcreative commons (?:license|attribution)\b",
    # German, Dutch
    r"\b(?:zuerst|ursprünglich) (?:erschienen|veröffentlicht)\b|\berschien zuerst\b|\bzuerst auf\b",
    r"\beerder (?:verschenen|gepubliceerd)\b|\boverge?nomen van\b",
    # French
    r"\b(?:paru|publiée?) (?:initialement|à l.origine|d.abord)\b|\binitialement (?:paru|publié)",
    r"\breproduit avec l.autorisation\b|\blire l.article (?:complet|original)\b",
    # Spanish, Portuguese, Italian
    r"\bpublicado (?:originalmente|por primera vez)\b|\boriginalmente (?:publicado|en|em)\b",
    r"\bpubblicato (?:originariamente|originalmente|per la prima volta)\b|\btratto da\b",
    # Russian
    r"\b(?:впервые|первоначально|изначально) опубликован|\bперепечат",
    # Chinese, Japanese
    r"^(?:来源|來源|出典|稿源)\s*[:：]|转载|轉載|原文(?:链接|鏈接|刊|载)|本文首发|阅读(?:原文|全文)|から転載",
    # Arabic
    r"^المصدر\s*:|نُ?شر (?:هذا المقال )?(?:أولا|لأول مرة|في الأصل)|نقلا? عن|اقرأ المقال كاملا",
    # Hindi
    r"^स्रोत\s*:|मूल रूप से|साभार|पूरा लेख पढ़ें",
)

# A line without any of these is no credit: looking for them is a hundred times faster than for the patterns.
CREDIT_WORDS = (
    *("via", "originally", "first", "previously", "publish", "print", "posted", "syndicat", "permission", "creative"),
    *("zuerst", "ursprünglich", "eerder", "overg"),
    *("initialement", "origine", "abord", "reproduit", "lire l"),
    *("publicado", "originalmente", "pubblicato", "tratto"),
    *("опубликован", "перепечат"),
    *("来源", "來源", "出典", "稿源", "转载", "轉載", "原文", "本文首发", "阅读", "転載"),
    *("المصدر", "شر", "نقل", "اقرأ"),
    *("स्रोत", "मूल रूप", "साभार", "पूरा लेख"),
)

# Beside a body: leads to the rest of the text, and names whom it is from.
BESIDE = (
    r"^read\s+(?:the\s+|this\s+)?(?:entire|full|whole|complete|original|rest)\b",
    r"^(?:continue|keep) reading\b(?! below)|^read more (?:at|on)\b",
    r"\bcontributed to this (?:report|story|article)\b|\bcourtesy of\b",
    r"^\W*(?:reporting|writing|editing|translated|compiled)\b.{0,80}\bby\s",
    r"^source\s+(?!\w+\s+(?:is|are|was|were|of)\b)[^.:]{2,80}$",  # how press releases end
    r"^(?:sources?|quellen?|fuentes?|fontes?|fonti|bron|kaynak|источник)\s*:\s*\S",
    r"^(?!share|print|send)(?:\w\S*\s){1,4}via \S+,?$",
)

BESIDE_WORDS = (
    *("read", "contributed", "courtesy", "by", "source", "via"),
    *("quelle", "fuente", "fonte", "fonti", "bron", "kaynak", "источник"),
)

# At the start of a line: a byline.
BYLINE = (
    r"\W*(?:(?:authored|written|submitted|posted|published|story|opinion|commentary)\s+)?by:?\s+\w",
    r"\W*(?:автор|текст)\s*:?\s+\w",
    r"\W*(?:作者|记者|本报记者|撰文)\s*[:：]?\s*\w",
    r"\W*(?:بقلم|كتبت?)\s*:?\s*\w",
    r"\W*लेखक\s*:?\s*\w",
)

# The whole line: labels around articles.
FURNITURE = (
    r"share|tweet|print|e-?mail|save|copy link|advertisement|ad",
    r"share (?:this|on|via)(?: (?:this|article|story|post|page|facebook|twitter|x|whatsapp|linkedin|email|:))*",
    r"(?:click to )?(?:share|print|email) (?:on|this|a link)\b.{0,60}",
    r"follow us(?: on .{1,60})?|like this:?",
    r"related(?: (?:articles?|stories|posts|content|topics))?:?",
    r"(?:you (?:may|might) also like|recommended(?: for you)?|more from .{1,40}|most (?:read|popular)|trending):?",
    r"(?:sign up|subscribe)(?: (?:to|for)\b.{0,60}?\bnewsletters?\b.{0,60})?",
    r"(?:get|join) .{0,60}\bnewsletter\b.{0,60}",
    r"thanks for reading.{0,80}\bsubscribe\b.{0,120}",
    r"leave a comment|comments?(?: \(\d+\))?|\d+ comments?|loading\W*",
    r"(?:image|photo|picture|file photo|caption)\s*[:/].{0,120}|getty images",
    r"\W*(?:sursă |sursa )?(?:foto(?:graf[ií]a|s)?|fotó|borítókép|kiemelt kép|zdjęcie|fot\.|fotoğraf)\s*[:/].{0,120}",
    r"\W*(?:nuotr|kuva|фото|снимка|φωτογραφία|φωτο|صورة|تصوير|عکس|تصویر|צילום|फोटो|छवि|ছবি|ภาพ|ảnh)\s*[:/].{0,120}",
    r"\W*(?:图片来源|图源|写真|사진)\s*[:/：].{0,120}|\(bild: .{0,100}\)",
    r"\W*(?:责任编辑|责编|编辑|校对|審核|审核|责任校对)\s*[:：].{0,40}|\[gambas:[^\]]{1,40}\]",
    r"(?:story continues|continue reading) below(?: (?:this )?ad(?:vertisement)?)?",
    r"(?:accept|reject)(?: all)?(?: cookies)?",
    r"\d+ min(?:ute)?s? read|listen to (?:this )?article.{0,30}|skip (?:to )?.{0,30}",
)

# The same, in any spelling of capitals, spaces and marks: lines that are nothing else.
LABELS = (
    # advertisements, and what is said where one stands in the middle of a text
    *("Advertorial", "Sponsored", "Werbung", "Anzeige", "Publicité", "Pub", "Publicidad"),
    *("Publicidade", "Pubblicità", "Advertentie", "Annons", "Annonse", "Annonce", "Reklame", "Mainos", "Reklaam"),
    *("Reklāma", "Reklama", "Reklamı geç", "Reklam", "Hirdetés", "Publicitate", "Oglas", "Διαφήμιση", "Реклама"),
    *("Реклама на этом сайте", "რეკლამა", "إعلان", "اعلان", "مادة اعلانية", "مادة إعلانية", "تبلیغات", "آگهی"),
    *("اشتہار", "פרסומת", "विज्ञापन", "বিজ্ঞাপন", "விளம்பரம்", "โฆษณา", "Iklan", "Quảng cáo", "Tangazo", "ማስታወቂያ"),
    *("広告", "广告", "廣告", "광고", "Scroll to continue with content"),
    *("Article continues after ad", "Artikel wird nach der Anzeige fortgesetzt", "La suite après la publicité"),
    *("Continua dopo la pubblicità", "Continua depois da publicidade", "Continua após a publicidade"),
    *("Continúa después de la publicidad", "Artikel gaat verder onder de advertentie"),
    *("Artikkelen fortsetter under annonsen", "Artikeln fortsätter efter annonsen"),
    *("Artiklen fortsætter efter annoncen", "Juttu jatkuu mainoksen jälkeen", "Dalszy ciąg materiału pod wideo"),
    *("Dalsza część artykułu pod wideo", "Dalsza część artykułu znajduje się pod wideo"),
    *("Reszta artykułu pod wideo", "Ciąg dalszy artykułu pod wideo", "Článek pokračuje pod reklamou"),
    *("Článok pokračuje pod video reklamou", "A cikk a hirdetés után folytatódik"),
    *("Articolul continuă după reclamă", "Tekst se nastavlja ispod oglasa", "Продолжение после рекламы"),
    *("Haberin devamı", "Scroll ke bawah untuk melanjutkan membaca"),
    # sharing, comments
    *("Teilen", "Partager", "Compartir", "Condividi", "Compartilhar", "Delen", "Поделиться", "分享", "शेयर करें"),
    *("Udostępnij", "Sdílet", "Zdieľať", "Megosztás", "Distribuie", "Podeli", "Podijeli", "Сподели", "Поділитися"),
    *("Paylaş", "Κοινοποίηση", "Dela", "Del", "Jaa", "Dalintis", "Bagikan", "Chia sẻ", "แชร์", "공유", "シェア"),
    *("شارك", "مشاركة", "שתפו", "Kommentare", "Commentaires", "Comentarios", "Comentários", "Commenti"),
    *("Komentarze", "Komentáře", "Yorumlar", "Комментарии", "Коментарі", "Коментари", "Hozzászólások", "Comentarii"),
    *("Σχόλια", "تعليقات", "نظرات", "תגובות"),
    # the most read
    *("Meistgelesen", "Les plus lus", "Lo más leído", "Mais lidas", "Mais populares", "I più letti"),
    *("Meest gelezen", "Mest läst", "Mest lest", "Mest læste", "Luetuimmat", "Najczęściej czytane", "Nejčtenější"),
    *("Najčítanejšie", "Legolvasottabb", "Cele mai citite", "Najčitanije", "Най-четени", "Самое читаемое"),
    *("Популярное", "Популярні", "En çok okunanlar", "Δημοφιλή", "الأكثر قراءة", "پربازدیدترین", "Xem nhiều"),
    *("Terpopuler", "アクセスランキング", "热门推荐", "热点推荐", "많이 본 뉴스"),
    # the end
    *("انتهای پیام", "© Riproduzione riservata", "무단 전재 및 재배포 금지", "禁止转载", "無断転載を禁じます"),
)

# The same for what else there is to read: a colon and a title may follow.
LEADS = (
    *("Read also", "Also read", "Read more", "Read next", "See also", "More on this", "Watch also", "Also watch"),
    *("Mehr zum Thema", "Lesen Sie auch", "Lesen Sie mehr", "Lies auch", "Auch interessant", "Lire aussi"),
    *("À lire aussi", "A lire aussi", "Lire également", "À lire également", "À voir aussi", "Voir aussi"),
    *("Lea también", "Lee también", "Leer más", "Leer también", "Te puede interesar", "Le puede interesar"),
    *("También te puede interesar", "Mirá también", "Ver también", "Más información", "Notas relacionadas"),
    *("Noticias relacionadas", "Leia também", "Leia mais", "Ler mais", "Veja também", "Saiba mais"),
    *("Notícias relacionadas", "Matérias relacionadas", "Leggi anche", "Vedi anche", "Guarda anche"),
    *("Approfondimenti", "Leggi pure", "Potrebbe interessarti", "Lees ook", "Lees meer", "Lees verder"),
    *("Bekijk ook", "Läs också", "Läs även", "Läs mer", "Les også", "Les mer", "Læs også", "Læs mere", "Lue myös"),
    *("Lue lisää", "Loe ka", "Loe lähemalt", "Lasi arī", "Lasiet arī", "Taip pat skaitykite", "Skaitykite taip pat"),
    *("Susiję straipsniai", "Czytaj też", "Czytaj także", "Czytaj również", "Czytaj więcej", "Przeczytaj też"),
    *("Przeczytaj także", "Zobacz też", "Zobacz także", "Zobacz również", "Zobacz wideo", "Čtěte také"),
    *("Čtěte více", "Přečtěte si také", "Mohlo by vás zajímat", "Související", "Čítajte aj", "Čítajte tiež"),
    *("Prečítajte si aj", "Súvisiaci článok", "Mohlo by vás zaujímať", "Kapcsolódó", "Kapcsolódó cikk"),
    *("Kapcsolódó cikkek", "Olvassa el", "Olvasd el", "Citește și", "Citiți și", "Vezi și", "Citește mai mult"),
    *("Pročitajte još", "Pročitajte i", "Pročitaj i", "Pročitajte i ovo", "Povezane vesti", "Preberite še"),
    *("Preberite tudi", "Lexo edhe", "Прочетете още", "Вижте още", "Още по темата", "Прочитајте и"),
    *("Прочитајте још", "Читайте также", "Смотрите также", "Читайте ещё", "Читайте еще", "Материалы по теме"),
    *("По теме", "Также по теме", "Читайте також", "Дивіться також", "Читайте ще", "Чытайце таксама"),
    *("Διαβάστε επίσης", "Διαβάστε ακόμη", "Διαβάστε και", "Δείτε επίσης", "İlgili haber", "İlgili haberler"),
    *("Ayrıca okuyun", "İlginizi çekebilir", "Oxuyun", "ასევე ნახეთ", "ასევე წაიკითხეთ", "اقرأ أيضا"),
    *("إقرأ أيضا", "اقرأ المزيد", "شاهد أيضا", "مقالات ذات صلة", "أخبار ذات صلة", "مواضيع ذات صلة"),
    *("موضوعات ذات صلة", "أخبار متعلقة", "بیشتر بخوانید", "بیشتر بدانید", "همچنین بخوانید", "مطالب مرتبط"),
    *("اخبار مرتبط", "مطالب پیشنهادی", "یہ بھی پڑھیں", "یہ بھی پڑھیے", "مزید پڑھیں", "مزید پڑھیے", "קראו עוד"),
    *("קראו גם", "ראו גם", "עוד בנושא", "כתבות נוספות", "यह भी पढ़ें", "ये भी पढ़ें", "ये खबर भी पढ़ें"),
    *("इसे भी पढ़ें", "यह भी देखें", "संबंधित खबरें", "हेही वाचा", "हे वाचा", "আরও পড়ুন", "আরো পড়ুন"),
    *("இதையும் படிக்க", "மேலும் படிக்க", "ఇవి కూడా చదవండి", "ഇതും വായിക്കുക", "આ પણ વાંચો", "ਇਹ ਵੀ ਪੜ੍ਹੋ"),
    *("यो पनि पढ्नुहोस्", "මෙයද කියවන්න", "อ่านเพิ่มเติม", "อ่านข่าวที่เกี่ยวข้อง", "ข่าวที่เกี่ยวข้อง"),
    *("Baca juga", "Simak juga", "Simak juga video", "Lihat juga", "Berita terkait", "Artikel terkait"),
    *("Pilihan editor", "Xem thêm", "Đọc thêm", "Tin liên quan", "Basahin", "Basahin din", "Soma pia", "Soma zaidi"),
    *("ተጨማሪ ያንብቡ", "相关阅读", "延伸阅读", "推荐阅读", "相关新闻", "相关推荐", "相关报道", "更多新闻", "延伸閱讀"),
    *("相關新聞", "相關報導", "推薦閱讀", "関連記事", "あわせて読みたい", "関連ニュース", "こちらもおすすめ"),
    *("관련 기사", "관련 뉴스", "함께 보면 좋은 기사"),
)

# How a line begins, or in some languages ends, that asks to follow a site elsewhere; it names one of the services
# (LINE with the space before it, as other words end so).
SERVICES = (
    *("whatsapp", "telegram", "телеграм", "google", "viber", "facebook", "instagram", "youtube", "twitter", " line"),
    *("واتساب", "تليغرام", "تلغرام", "تلگرام", "واٹس ایپ", "微信", "微博", "व्हाट्सएप", "व्हॉट्सऐप", "টেলিগ্রাম", "กูเกิล"),
)
FOLLOW = (
    r"\W*(?:click here|follow (?:us|our)|(?:join|like) us on|join our (?:\w+ )?(?:channel|community|group))\b",
    r"\W*(?:folgen sie|folge uns|abonnieren sie|suivez|rejoignez|retrouvez|abonnez|s[ií]gu?enos|síguelo|únete|sigue )",
    r"\W*(?:siga |clique (?:aqui|e)|participe |entre (?:no|para) |receba |segui(?:ci| )|iscriviti|volg ons)",
    r"\W*(?:følg |följ |seuraa |obserwuj |śledź|bądź na bieżąco|sledujte|kövess|iratkozz)",
    r"\W*(?:urmăriți|urmărește|abonează|pratite )",
    r"\W*(?:подпис(?:ывайтесь|аться)|присоединяйтесь|читайте .{1,40} в|підпис(?:уйтесь|атися|ись))",
    r"\W*(?:последвайте|следвайте)",
    r"\W*(?:ακολουθήστε|تابع(?:وا|ونا|نا)|اشترك|ikuti|gabung|theo dõi|ติดตาม|关注|扫描|扫码)",
    r".*(?:takip edin|abone olun?|دنبال کنید|عضو شوید|جوائن کریں|जुड़ें|फॉलो करें|ফলো করুন)\W*$",
)

# Anywhere in a line: a demand that stands in place of the text.
WALL = (
    # scripts, robots, blocks
    r"\b(?:enable|activate|turn on|requires?) (?:java\s?script|cookies)\b",
    r"\bjavascript (?:is|must be) (?:disabled|required|enabled)",
    r"\bverify(?:ing)? (?:that )?you are (?:a )?human|\bare you a robot\b|\bchecking your browser",
    r"\bunusual (?:traffic|activity) (?:from|on|in)\b",
    r"\baccess(?: to this (?:page|site))? (?:is |has been )?denied\b|\byou have been blocked\b",
    # subscriptions and logins
    r"\bsubscribe (?:now )?(?:to|and) (?:continue|keep|read|unlock|get full access)",
    r"\b(?:to|and) (?:continue|keep) reading\b.{0,60}(?:subscri|log ?in|sign|regist)",
    r"\balready (?:a subscriber|have an account|a member|subscribed)\b|\bsubscribers? only\b",
    r"\b(?:for|to) (?:paid |paying )?(?:subscribers|members) only\b",
    r"\bthis (?:post|article|content|story) is (?:only )?(?:for|available to|reserved for|exclusive to) ",
    r"\b(?:log|sign) ?in (?:to|with|or|below)\b|\bforgot(?:ten)? (?:your )?password\b",
    r"\bcreate (?:a free|an|your free) account\b",
    r"\byou(?:'|’)?ve (?:reached|used) (?:your|all)\b.{0,40}\b(?:limit|articles)\b",
    r"\bfree articles? (?:left|remaining|this month)\b",
    # consent
    r"\b(?:we|this (?:web)?site) uses? cookies\b|\baccept (?:all )?cookies\b",
    r"\bmanage (?:your )?(?:cookies|consent|preferences)\b",
    # players
    r"\bbrowser (?:does not|doesn.t) support\b|\bwatch (?:the |this )?(?:full )?video (?:above|below|here)\b",
    r"\b(?:video|player) (?:is )?(?:loading|unavailable)\b",
    # German, French, Spanish, Italian, Portuguese, Dutch
    r"\b(?:jetzt|weiterlesen) (?:abonnieren|mit .{0,20}(?:plus|abo))|\bbereits abonnent|\bjetzt anmelden\b",
    r"\bwir verwenden cookies\b|\bartikel (?:ist nur|nur) für abonnent|\bjavascript aktivieren\b",
    r"\bréservée? (?:à nos |aux )abonnés|\bdéjà abonné|\bnous utilisons des cookies\b|\bactive[rz] javascript\b",
    r"\bsuscríbe(?:te|se) para\b|\bya (?:eres|es) suscriptor|\bsolo para suscriptores\b|\butilizamos cookies\b",
    r"\bsei già abbonato|\briservato agli abbonati\b|\butilizziamo (?:i )?cookie\b|\bactiv[ae] javascript\b",
    r"\bjá é assinante|\bexclusivo para assinantes\b|\busamos cookies\b",
    r"\balleen voor abonnees\b|\bal abonnee\b|\bwij gebruiken cookies\b",
    # Russian
    r"\bтолько для подписчиков|\bоформите подписку|\bвключите javascript|\bвойдите, чтобы",
    # Chinese, Japanese
    r"订阅后|登录后(?:继续|阅读|查看)|请(?:先)?登录|请启用\s?javascript|会员专享",
    r"この記事は(?:会員|有料)|会員限定|ログインして",
    # Arabic, Hindi
    r"سجل(?:وا)? الدخول|تسجيل الدخول|للمشتركين فقط|اشترك (?:الآن )?لمتابعة",
    r"पढ़ने के लिए (?:सब्सक्राइब|लॉग)|लॉग ?इन करें|केवल सदस्यों",
)

# The start of the title of a page that is a barrier.
WALL_TITLE = (
    r"just a moment|attention required|access denied|are you a robot|403 forbidden|forbidden|before you continue",
    r"log ?in|sign ?in|please (?:log|sign) ?in|subscribe",
    r"anmelden|connexion|iniciar sesión|accedi|вход|登录|تسجيل الدخول|लॉग इन",
)
