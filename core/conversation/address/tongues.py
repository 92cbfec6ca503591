"""A few words of further languages, enough to see that somebody is greeted, asked or spoken to: French,
Italian, Portuguese, Dutch, Polish, Scandinavian, Turkish and Russian, all without accents.

Words that are also English, German or Spanish ones of another meaning are left out.
"""

from __future__ import annotations

from core.conversation.address.listed import listed

GREETINGS = listed(
    """
    bonjour salut coucou bonsoir bonne merci wesh allo buongiorno buonasera buonanotte salve
    grazie ola oie bom tarde noite obrigado obrigada hoi goedemorgen goedenavond dankje bedankt
    czesc hej witaj siema dzieki dzien dobry dobranoc hejsan tjena takk merhaba selam gunaydin
    tesekkurler привет здравствуи здравствуите доброе утро спасибо пока
    """
)
QUESTION_WORDS = listed(
    """
    quoi pourquoi quand quel quelle quels quelles qui combien ou comment perche cosa quale quanto dov
    onde porque qual quais quem waarom waar wanneer hoeveel welke jak gdzie kiedy dlaczego czy kto
    hvad hva hvorfor vad varfor hur nasil neden nerede hangi как что где когда почему кто зачем
    какои какая какие сколько
    """
)
SECOND_PERSON = listed(
    """
    toi vous votre vos peux sais veux connais penses crois aimes voudrais puoi sai vuoi
    pensi hai tuo tua voce vc jij jou jouw jullie kun weet masz jestes wiesz mozesz znasz lubisz
    robisz myslisz chcesz ciebie twoj senin misin ты тебя тебе твои твоя вы вас вам можешь
    знаешь
    """
)
IMPERATIVES = listed(
    """
    aide aidez raconte montre donne regarde dimmi aiuto aiutami raccontami spiegami ajuda ajude
    conta vertel zeg pomoz powiedz opowiedz sluchaj hjalp pomoги помоги скажи расскажи смотри
    """
)
