"""The closed list of words that decide, and of those that take a decision back, in eight languages.

English, German, French, Spanish, Italian, Dutch, Polish, Portuguese. Everything is matched against folded text:
lower case, without accents, apostrophes as blanks. A word that is not listed decides nothing.
"""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(" ".join(entry.split()) for entry in text.split("|") if entry.strip())


APPROVE = _listed(
    """
    approve | approved | i approve | i approve it | i approve this | i approve this invoice | approve invoice |
    approve this invoice | invoice approved | approved by me | approved for payment | approved for posting |
    genehmigt | freigegeben | freigabe | freigabe erteilt | ich genehmige | ich genehmige die rechnung |
    ich gebe frei | rechnung genehmigt | rechnung freigegeben | hiermit genehmigt | hiermit freigegeben |
    genehmigen | freigeben | approuve | approuvee | j approuve | je l approuve | facture approuvee | valide |
    validee | je valide | facture validee | bon a payer | bon pour accord | approuver | valider | aprobado |
    aprobada | apruebo | lo apruebo | la apruebo | factura aprobada | aprobar | autorizado | autorizada |
    autorizo | approvato | approvata | approvo | lo approvo | la approvo | fattura approvata | approvare |
    autorizzato | autorizzata | autorizzo | goedgekeurd | ik keur goed | ik keur het goed |
    factuur goedgekeurd | akkoord | goedkeuren | zatwierdzam | zatwierdzone | zatwierdzono | zatwierdzona |
    zatwierdzony | faktura zatwierdzona | akceptuje | zaakceptowano | zaakceptowane | zaakceptowana |
    zatwierdzic | aprovado | aprovada | aprovo | eu aprovo | fatura aprovada | aprovar
    """
)
REJECT = _listed(
    """
    reject | rejected | i reject | i reject it | i reject this | i reject this invoice | reject invoice |
    reject this invoice | invoice rejected | decline | declined | i decline | denied | refused | abgelehnt |
    ablehnen | ich lehne ab | rechnung abgelehnt | zuruckgewiesen | ablehnung | rejete | rejetee | je rejette |
    facture rejetee | refuse | refusee | je refuse | facture refusee | rejeter | refuser | rechazado |
    rechazada | rechazo | lo rechazo | la rechazo | factura rechazada | rechazar | denegado | denegada |
    rifiutato | rifiutata | rifiuto | lo rifiuto | la rifiuto | fattura rifiutata | rifiutare | respinto |
    respinta | respingo | afgekeurd | afgewezen | geweigerd | ik keur af | ik wijs af | factuur afgekeurd |
    afkeuren | afwijzen | odrzucam | odrzucone | odrzucono | odrzucona | odrzucony | faktura odrzucona |
    odmawiam | odrzucic | rejeitado | rejeitada | rejeito | eu rejeito | fatura rejeitada | rejeitar |
    recusado | recusada | recuso
    """
)

HARMLESS = _listed(
    """
    thanks | thank you | many thanks | thx | ty | cheers | please | proceed | go ahead | please proceed |
    all good | looks good | looks fine | looks correct | all correct | correct | fine | good | ok | okay |
    as agreed | as discussed | as ordered | per contract | as per contract | per agreement | within budget |
    budget ok | in budget | goods received | services received | work done | work completed | delivered |
    received | received in full | matches po | matches the po | matches order | matches the order |
    matches purchase order | matches the purchase order | matches contract | please pay | please post |
    please process | please book | ok to pay | ok to post | pay it | post it | for payment | amount correct |
    amount is correct | amount checked | checked | verified | checked and correct | have a nice day |
    have a good day | best | best regards | kind regards | regards | many thanks and regards | danke |
    vielen dank | besten dank | herzlichen dank | danke schon | danke sehr | passt | passt so | alles gut |
    in ordnung | stimmt | alles korrekt | korrekt | sachlich richtig | sachlich und rechnerisch richtig |
    rechnerisch richtig | bitte buchen | bitte zahlen | bitte anweisen | ware erhalten | leistung erbracht |
    leistung erhalten | wie besprochen | wie vereinbart | laut vertrag | gruss | grusse | viele grusse |
    beste grusse | mit freundlichen grussen | mfg | lg | vg | merci | merci beaucoup | merci bien | parfait |
    c est bon | tout est correct | conforme | comme convenu | recu | cordialement | bien cordialement |
    bonne journee | gracias | muchas gracias | todo correcto | correcto | de acuerdo | conforme al pedido |
    saludos | un saludo | grazie | grazie mille | molte grazie | tutto corretto | corretto | va bene |
    come concordato | saluti | cordiali saluti | dank | bedankt | dank je | dank u | dank je wel |
    hartelijk dank | klopt | alles klopt | zoals afgesproken | groet | groeten | met vriendelijke groet | mvg |
    dziekuje | dzieki | bardzo dziekuje | wszystko sie zgadza | zgadza sie | poprawne | pozdrawiam |
    z powazaniem | obrigado | obrigada | muito obrigado | muito obrigada | tudo certo | correto |
    conforme combinado | cumprimentos | atenciosamente | abraco | abracos
    """
)
"""What may stand beside an approval on its line; anything else there could be a condition."""

THANKS = _listed(
    """
    thanks | thank you | many thanks | thx | cheers | danke | vielen dank | merci | gracias | grazie | bedankt |
    dank je | dziekuje | dzieki | obrigado | obrigada
    """
)
"""After these one name may follow."""

CLOSINGS = _listed(
    """
    best | best regards | kind regards | warm regards | regards | sincerely | yours sincerely | cheers |
    thanks | thank you | many thanks | br | rgds | gruss | grusse | viele grusse | beste grusse | liebe grusse |
    schone grusse | mfg | lg | vg | mit freundlichen grussen | freundliche grusse | danke | vielen dank |
    cordialement | bien cordialement | salutations | merci | bonne journee | saludos | un saludo |
    saludos cordiales | atentamente | gracias | saluti | cordiali saluti | distinti saluti | grazie | groet |
    groeten | met vriendelijke groet | met vriendelijke groeten | mvg | bedankt | pozdrawiam | z powazaniem |
    dziekuje | cumprimentos | atenciosamente | com os melhores cumprimentos | obrigado | obrigada | abraco
    """
)
"""Lines after which only a name, a company and their small print follow."""

TAKES_BACK = _listed(
    """
    not | no | never | nor | but | if | unless | until | except | only | however | provided | subject |
    pending | once | after | before | when | wait | hold | stop | cancel | first | although | though |
    conditional | condition | conditions | depends | assuming | maybe | perhaps | instead | without | dont |
    don | cannot | cant | won | isn | wrong | incorrect | error | correction | correct it | change | changed |
    reduce | partial | partially | partly | half | other | reject | rejected | decline | declined | question |
    unclear | why | how | what | who | which | else | otherwise | nicht | kein | keine | keinen | nein | nie |
    aber | wenn | falls | sofern | ausser | nur | erst | bevor | nachdem | sobald | vorbehalt | vorbehaltlich |
    bedingung | jedoch | allerdings | warten | stopp | stornieren | falsch | fehler | korrektur | andern |
    teilweise | teil | statt | ohne | ablehnen | abgelehnt | frage | warum | wieso | wer | was | welche | pas |
    non | jamais | mais | si | sauf | jusqu | uniquement | seulement | avant | apres | sous reserve | reserve |
    condition | cependant | toutefois | attendre | attendez | annuler | erreur | faux | corriger | partiel |
    partiellement | sans | rejeter | rejete | refuse | pourquoi | quoi | quel | quelle | nunca | pero |
    excepto | salvo | hasta | solo | solamente | antes | despues | cuando | condicion | esperar | espere |
    anular | error | corregir | parcial | parcialmente | sin | rechazar | rechazado | pregunta | por que |
    quien | cual | mai | ma | se | tranne | eccetto | finche | soltanto | prima | dopo | quando | condizione |
    riserva | aspettare | aspetta | annullare | errore | sbagliato | correggere | parziale | senza | rifiutare |
    rifiutato | domanda | perche | quale | niet | geen | nee | nooit | maar | als | indien | tenzij | behalve |
    totdat | alleen | pas | eerst | voordat | nadat | mits | voorwaarde | echter | wachten | annuleren | fout |
    verkeerd | corrigeren | gedeeltelijk | zonder | afkeuren | afgekeurd | vraag | waarom | wie | wat | welke |
    nie | nigdy | ale | jesli | jezeli | chyba | oprocz | dopoki | tylko | dopiero | zanim | przed | gdy |
    kiedy | pod warunkiem | warunek | jednak | czekac | poczekaj | anulowac | blad | bledna | zle | poprawic |
    czesciowo | bez | odrzucic | odrzucam | pytanie | dlaczego | kto | co | nao | mas | caso | exceto | ate |
    somente | apenas | depois | condicao | porem | aguardar | aguarde | cancelar | erro | errado | corrigir |
    sem | rejeitar | rejeitado | pergunta | porque | quem | qual
    """
)
"""Words that make a decision above them doubtful."""
