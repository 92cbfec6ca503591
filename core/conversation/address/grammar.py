"""The small words around a name that tell whether somebody is called or talked about, in English, German
and Spanish, and the names that are also everyday words."""

from __future__ import annotations

import re

from core.conversation.address import tongues
from core.conversation.address.listed import listed

# A name that ends a sentence after one of these is talked about: "I asked finn", "who is finn".
BEFORE_A_TOPIC = listed(
    """
    about with of to for from by at like likes than as on in into near behind after before the a an this
    that these our my your his her their and or nor ask asks asked asking tell tells told know knows
    knew love loves hate hates miss misses missed meet met see sees saw seen call calls called name
    named is was isnt its be are wheres whos where who whats let made make gave give poor old not
    without vs versus plus between against says said think thinks thought guess hope bet wish heard if
    because since did does do has had have would will could should can found find watched watch played
    play read film movie book song game series show character goddess god cat dog boat ship brand
    company both only even just maybe probably whether when how why what each every any some one another
    other first second uber mit von zu fur bei der die den dem das und oder wie ist war frag frage fragt
    gefragt heisst kennt kennst mag ohne ein eine einen dass ob weil de con para por sobre el la los las
    un una y o como es era llama sin que pregunta preguntale conoces hat hatte wird kann classic typical
    such real actual fake use used using upgrade update install uninstall fix restart reboot delete
    remove add added invite invited kick ban mute unmute block ping tag mention mentioned contact
    configure pronounce spell buy download visit feed kill marry beat replace build built rename want
    need needs wanted question number chapter level season room typisch benutzt nutzt braucht usa usar
    instalar
    """
)
AUXILIARIES = listed(
    """
    can could do does did will would are is am should have has was were may might shall cant couldnt
    dont didnt wont wouldnt arent isnt shouldnt havent kannst kann konntest hast bist willst magst
    weisst musst sollst warst denkst glaubst meinst machst
    """
)
PEOPLE_AFTER_AUXILIARY = listed("you u ya i we they me du ich wir")
THINGS_AFTER_AUXILIARY = listed("it that this there he she the my our your a an any")
IMPERATIVES = tongues.IMPERATIVES | listed(
    """
    help look tell say come stop please pls plz give let lets listen wait check show explain make play
    get be dont try answer read write sing roll remind shut quit hush quiet calm leave keep guess
    imagine rate pick choose describe translate send do thanks thank sorry go speak talk join bring take
    forget remember ask settle decide back wake behave chill relax find search define compare count flip
    vote draw hurry recommend suggest hilf sag erzahl erzahle erklar erklare komm schau guck bitte hor
    mach gib zeig lies schreib dime ayuda ayudame cuenta cuentame ven por di haz oye explica explicame
    mira canta ayudanos cuentanos dinos danos explicanos ensename recomiendame porfa wach warte zeige
    hilfe aiuto report assemble activate summarize summarise calculate convert spell
    """
)
# After a name, the bare form of a verb is no statement ("finn runs" would be one) but a request. Only with
# something after it: "finn fight" may be a noun.
REQUESTS = listed(
    """
    drop admit prove solve finish start begin continue repeat rhyme teach paint cook order open close
    build save rescue protect hide run walk jump dance hug kiss fight attack heal cast list name state
    predict judge pretend promise agree believe trust bet add keep change swap turn move hold raise lower
    bless curse rank rewrite shorten paraphrase suggest invent confess apologise apologize react respond
    """
)
# What one orders somebody to do without a thing to do it to: a name after it is whom one calls.
ORDERED = re.compile(
    r"(?:wake up|come (?:on|back|here|over)|hurry up|calm down|help (?:me|us)(?: out)?|answer (?:me|us)"
    r"|tell (?:me|us)|trust me|save (?:me|us)|listen(?: up)?|look out|watch out|hold on|hang on|wait up"
    r"|cheer up|speak up|sing (?:for )?us something|do something|say something|stand (?:up|down)|good job"
    r"|well done|way to go|forgive me|talk to (?:me|us)|wach auf|komm schon|hilf (?:mir|uns)|hor auf"
    r"|sag (?:was|etwas|mir|uns)|despierta|ayuda(?:me|nos)|dime|reveille toi|aide moi)"
)
SAID_TO_SOMEBODY = listed(
    """
    i im ive id my we were weve our ich mein meine wir yo mi tengo necesito me ok okay yes yeah no nope
    lol lmao haha hey hi hello thanks good nice bro man buddy dude mate not sorry seriously honestly any
    maybe about same wtf omg congrats happy welcome also puedes sabes tienes quieres crees piensas estas
    eres vas haces
    """
)
# Between a name and what is said to its bearer: "finn and how far is it?"
LINKS = listed("and but so well wait then also ok okay actually aber und also pero y et mais e ma a i")
FILLERS = listed("doch mal einfach just halt bitte eben")
THINK = listed(
    "think say recommend suggest prefer reckon meint denkt sagt empfiehlt opina piensa recomienda prefiere"
)
GERMAN_AFTER_WAS = listed("du dir dich dein deine deinem denkst meinst machst ist sind soll kann hast")
THEIR_VIEW = listed(
    """
    opinion take thoughts view views advice favourite favorite answer verdict guess idea plan plans best
    worst meinung tipp lieblings
    """
)
TITLES = listed(
    """
    captain professor doctor dr prof mr mrs ms miss sir lady lord king queen prince princess saint st
    uncle aunt commander colonel general sergeant detective agent master mistress father mother sister
    brother old little big young the el la los las der die das de von van di da count baron duke
    inspector chef madame mister admiral
    """
)
# Names that are also words people use every day: these count only where somebody is plainly called.
EVERYDAY = listed(
    """
    will mark rose hope art max sky sage echo nova pixel bean sol ace rex amber jade ivy joy grace faith
    angel may june april buddy cookie ghost shadow cap ash captain professor doctor bot mira luna sunny
    summer autumn winter storm river forest ruby pearl crystal lily daisy violet iris olive ginger
    pepper basil bill bob jack frank grant chase hunter mason miles rich rob sue pat drew dawn eve holly
    hazel penny ray robin rusty sandy skip star stella terry victor victory wade ward wolf zero dot bit
    byte chip cherry berry honey sugar candy mint mocha oreo peach plum kiwi mango apple coco muffin
    biscuit waffle toast noodle nugget pickle potato pumpkin spark flash bolt blaze ember flame frost
    snow rain misty cloud thunder comet cosmo orbit rocket atlas pilot scout ranger knight king queen
    prince duke baron major sergeant chief boss master sir lady miss lord doc dash dusty fox bear bunny
    kitty tiger raven wren crow dove hawk phoenix dragon viper cobra panther claude dean earl gene guy
    harry herb jay josh ken lance nick norm otto peg phil red reed rocky rod roman sonny stone teddy tom
    van wally woody case cash clay cliff dale glen heath kit lane leaf love lucky mercy destiny melody
    harmony trinity serenity justice verity charity constance patience prudence temperance true vista
    delta alpha beta gamma omega sigma data glitch cypher cipher matrix vector proxy neon retro turbo
    ping void mia mara
    """
)
# "mira" is also Spanish for "look": what follows tells.
SPANISH = listed(
    """
    que lo el la los las un una unos unas esto este esta eso ese esa aqui alli como estan es son yo tu
    no si de del al se me te le nos su mi con por para quien cuando donde bien pues ya porque muy hay
    """
)
