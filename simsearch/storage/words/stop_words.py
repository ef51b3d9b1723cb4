"""Words that say nothing of what a text is about, by language (ISO 639-1), without accents.

They are left out of questions where other words remain, and they tell a document's language.
"""

from __future__ import annotations

_LISTS = {
    "en": """
a about after again all also am an and any are aren as at be because been before being below between both but by
can cannot could couldn did didn do does doesn doing don down during each either few for from further get got had
has hasn have haven having he her here hers him his how i if in into is isn it its itself just let like ll may me
might more most must my myself need no nor not of off on once only or other our ours out over own please re s same
shall she should shouldn so some such t tell than that the their theirs them then there these they this those
through to too under until up upon us ve very was wasn we were what when where which while who whom whose why will
with within without won would wouldn you your yours
""",
    "de": """
aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist da damit
dann das dass dein deine dem den denn der des dessen die dies diese diesem diesen dieser dieses doch dort du durch ein
eine einem einen einer eines er es etwas euch euer fur gegen gewesen hab habe haben hat hatte hatten hier hin hinter
ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden jeder jedes jetzt kann kein keine
keinen keiner konnen konnte machen man mehr mein meine meinem mich mir mit muss mussen nach nicht nichts noch nun nur
ob oder ohne sehr sein seine seinem seinen seiner sich sie sind so solche soll sollte sondern sonst uber um und uns
unser unsere unter viel vom von vor war waren warum was weg weil weiter welche welchem welchen welcher welches wenn wer
werde werden wie wieder wieviel will wir wird wirst wo wollen wurde wurden zu zum zur zwar zwischen
""",
    "fr": """
a ai ainsi alors apres au aucun aussi autre autres aux avait avant avec avez avoir avons c ce cela celle celui ces cet
cette ceux chaque chez comme comment d dans de depuis des donc du elle elles en encore entre est et etaient etait etc
ete etes etre eu eux fait faire fois font il ils j je jusque l la le les leur leurs lors lui m ma mais me meme mes moi
moins mon n ne ni nos notre nous on ont ou par parce pas pendant peu peut plus pour pourquoi pouvez puis qu quand que
quel quelle quelles quels qui quoi s sa sans se ses si soit son sont sous sur t ta tant te tes toi ton tous tout toute
toutes tres tu un une vers votre vos vous y
""",
    "es": """
a al algo algunas algunos ante antes aquel asi aun aunque bien cada como con contra cual cuales cuando cuanto de debe
del desde donde dos durante e el ella ellas ellos en entre era eran es esa esas ese eso esos esta estaba estan estar
estas este esto estos fue fueron ha habia hacer han hasta hay la las le les lo los mas me mi mientras mis mucho muy
nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por porque pueden puede que quien
quienes se sea segun ser si sido sin sobre solo son su sus tal tambien tanto te tiene tienen toda todas todo todos tu
un una unas uno unos usted y ya yo
""",
    "it": """
a ad agli ai al alla alle allo anche ancora avere aveva c che chi ci cio come con cosa cui d da dagli dai dal dalla
dalle degli dei del dell della delle dello di dopo dove e ecco ed era erano essere fa fare fino fra fu gia gli ha
hanno ho i il in io l la le lei li lo loro lui ma me mentre mi mia mio molto ne nei nel nell nella nelle nello noi non
nostra nostro o ogni oltre per perche piu poi prima puo qual quale quali quando quanto quella quelle quelli quello
questa queste questi questo qui sara se sei sempre senza si sia siamo sono sotto su sua sue sui sul sulla sulle suo
suoi tra tu tutta tutte tutti tutto un una uno vi voi
""",
    "pt": """
a ainda ao aos apenas aquela aquele aqui as assim ate cada com como da das de dela dele deles depois desde do dos e ela
elas ele eles em entre era eram essa esse esta estao estas estava este estes eu foi foram ha isso isto ja lhe lhes
mais mas me mesmo meu minha muito na nao nas nem no nos nossa nosso num numa o onde os ou para pela pelas pelo pelos
pode podem por porque pra qual quais quando que quem sao se seja sem ser seu seus sob sobre sua suas tal tambem tem
tinha toda todas todo todos tu um uma umas uns voce voces
""",
    "nl": """
aan af al alle alleen als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge
geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je jullie kan kon kunnen maar
me meer men met mij mijn moet moeten na naar niet niets nog nu of om omdat onder ons onze ook op over reeds te tegen
toch toen tot u uit uw van veel voor waar waarom want waren was wat welke werd wezen wie wij wil worden wordt zal ze
zei zelf zich zij zijn zo zonder zou
""",
    "sv": """
alla allt att av bara blev bli blir da de dem den denna deras dess dessa det detta dig din dina du efter ej eller en er
ert ett fran for ha hade han hans har hon honom hur har i icke ingen inom inte jag ju kan kunde man med mellan men mig
min mina mot mycket nagon nagot nar ni nu och om oss pa sa samma sedan sig sin sina skulle som till under upp ut utan
vad vara varfor var varit vi vid vilka vilken vilket
""",
    "da": """
ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter eller en
end er et for fra ham han hans har havde have hende hendes her hos hun hvad hvis hvor hvordan hvorfor i ikke ind ingen
jeg jer jo kan kun kunne man mange med meget men mig min mit mod ned noget nogle nu nar og ogsa om op os over pa sadan
selv sig sin sine sit skal skulle som til ud under var ved vi vil ville vor vores vaere vaeret
""",
    "no": """
alle at av bare ble bli blir da de deg dem den denne der dere deres det dette din disse du eller en enn er et etter for
fordi fra fa far ga ha hadde han hans har hele hennes her hun hva hvem hver hvis hvor hvordan hvorfor i ikke ingen inn
jeg kan kun kunne man mange med meg mellom men mer min mot mye na nar noe noen nok og ogsa om opp oss over pa sa seg
selv sin sine skal skulle slik som til tilbake under ut uten var ved vi vil ville vaere vaert vart
""",
    "fi": """
ei eivat ehka eli en ennen ett etta han hanen he heidan hyvin itse ja jo joka jolla jos josta jota jotka juuri kaikki
kanssa kautta keta kuin kuinka kun kuka kukaan koska me mika mikali miksi mina minka minun missa miten mita mutta myos
nain ne niin niita noin nyt ole olen oli olivat olla on ovat paljon se sen siella siis siita sina sita taman tai tama
tassa tasta tata te toinen tuo vaan vai vain vaikka viela voi voidaan voit yli
""",
    "hu": """
a abban ahhoz ahogy aki akik akkor alatt amely ami amikor annak arra az azert azok azt aztan azzal be belul benne cak
csak de e egy egyik el elott en erre es ez ezek ezert ezt fel felett hanem hat ha hogy hogyan igen igy illetve ilyen
is ismet itt jo kell kellett keresztul ki kivul kozott kozul le legyen lehet lenne lesz lett ma mar maga meg mely
mellett mert mi mig mikor milyen mind minden mint mivel most nagyon ne nekem nem nincs o ok olyan ott pedig sem semmi
sok szamara szerint tehat utan vagy vagyok valamint van vannak vele volna volt voltak
""",
    "ro": """
a acea aceasta aceste acest acesta acestui aceea aici al ale am ar are as asupra asa at au avea avem aveti azi ca care
cand cat catre ce cei cel cele celor cine cu cum da daca dar de decat deci despre din dintre doar dupa ea ei el ele era
este eu face fara fi fie fiind fost i ia iar ii il imi in inainte insa intr intre isi la le li lor lui mai mea meu mult
ne nici nimic noi nostru nu o oricare pe pentru peste prin sa sale sau se si sint sub sunt tot toate toti un una unde
unei unele unor unui va voi vom
""",
    "tr": """
acaba ama ancak aslinda az bana bazi belki ben beni benim bile bir biri birkac biz bize bizim bu buna bunda bundan
bunlar bunu bunun cok cunku da daha de defa degil diye dolayi en gibi gore hala hangi hem hep her hic icin ile ise
iste kadar kendi ki kim mi mu nasil ne neden nerede nicin niye o olan olarak oldu oldugu olmak olur on ona onlar onu
onun ozellikle sadece sana sanki sen siz su tarafindan tum uzere var ve veya ya yani yok zaten
""",
    "pl": """
a aby ale ani bardzo bez bo byc byl byla byli bylo co czy dla do gdy gdzie go i ich ile im inne inny iz ja jak jako je
jego jej jest jeszcze jezeli juz kazdy kiedy kto ktora ktore ktory ktorych lub ma mi mnie moze mozna my na nad nam nas
nawet nich nie nim niz o od on ona one oni oraz pan po pod poniewaz przed przez przy sa sie sobie swoje ta tak takze
tam te tego tej ten to tu tych tylko tym w we wiec wszystko z za ze zeby
""",
    "cs": """
a aby ale ani az bez bude budou by byl byla byli bylo byt co coz dalsi do ho i ja jak jako je jeho jej jeji jejich
jen jeste jestli ji jiz jsem jsme jsou k kam kde kdo kdyz ke ktera ktere ktery kteri ma mate me mezi mi mit muze my na
nad nam nas nebo nejsou neni nez nic o od on ona pak po pod podle pokud potom pouze pred pres pri pro proc protoze s se
si sve svuj ta tak take takze tam te tedy ten tento to toho tom tu ty u uz v vam vas ve vsak z za ze
""",
    "ru": """
а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее если есть еще
же за здесь и из или им их к как какая какие какой когда кто ли либо между меня мне может можно мы на над надо нас наш
не него нее нет ни них но ну о об однако он она они оно от очень по под после потом потому почему при про раз с сам свое
свой своих себя со так также такой там тем то того тоже той только том ты у уже хотя чего чей чем что чтобы чье эта эти
это этого этой этот я
""",
    "uk": """
а але без би був була були було бути в вас ви від він вона вони все всі де для до його її з за зі і із й їх коли
котрий на над наш не них ні о об один от по під при про та так також там те ти тим то тому у хто це цей ця чи що щоб я
як яка які який якщо
""",
    "el": """
αλλα αν αντι απο αυτα αυτες αυτη αυτο αυτοι αυτος αυτους για δε δεν εαν ειμαι ειναι εκεινα ενα ενας ενω επι η ηταν θα
και κατα κι μα με μετα μη μην μια μου να ο οι ομως οπως οταν οτι που προς πως σε στα στη στην στις στο στον στους τα
τη την της τι τις το τοις του τους των ωστε ως
""",
    "ar": """
ان او اي الي الا التي الذي الذين اذا الان اما انه انها بعد بعض بن به بها بين تلك ثم حتي حيث خلال دون ذلك سوف عليه
عليها علي عن عند عندما غير فان في فيه فيها قبل قد كان كانت كل كما كيف لا لكن لم لن له لها ليس ما متي مع من منذ منه
منها نحو هذا هذه هل هم هنا هناك هو هي و ومن وهو وهي يكون يمكن اين ماذا لماذا
""",
    "fa": """
از است اگر اما ان انها این با بر برای بود بی تا چه چون خود دارد در را شد شده شود که کند ما من می نه نیز های هر هم همه
هیچ و ولی یا یک
""",
    "he": """
אבל או אותה אותו אחר אחרי אין אל אם אני אנחנו את אתה אתם בין גם הוא היא היה היו היתה הם הן זאת זה זו יש כדי כי כל כמו
לא לו להם לפי לפני מה מי מן מתוך על עד עוד עם פי רק של שהוא שלא שלו תחת
""",
    "hi": """
और का की के को में है हैं से पर यह वह ने एक भी नहीं हो था थी थे कि जो तो इस उस लिए कर या हम आप क्या कैसे साथ तक अपने अपनी
""",
}
STOP_WORDS = {language: frozenset(words.split()) for language, words in _LISTS.items()}
