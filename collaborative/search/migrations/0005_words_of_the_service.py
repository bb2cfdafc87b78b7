"""A start of words that mean the same to the police; administrators go on from here in the workshop."""

from django.db import migrations

from collaborative.search.parsing import key_of, words_of

GROUPS = """
DA | domestic abuse | domestic violence
VAWG | violence against women and girls
MISPER | missing person | missing people
ASB | anti-social behaviour | antisocial behaviour
CSE | child sexual exploitation
CCE | child criminal exploitation
CSA | child sexual abuse
RASSO | rape and serious sexual offences
FGM | female genital mutilation
HBA | honour-based abuse | honour-based violence
MSHT | modern slavery and human trafficking
NRM | National Referral Mechanism
OCG | organised crime group
SOC | serious and organised crime | serious organised crime
ROCU | regional organised crime unit
NCA | National Crime Agency
NPCC | National Police Chiefs’ Council
CPS | Crown Prosecution Service
IOPC | Independent Office for Police Conduct
HMICFRS | HMIC | Inspectorate of Constabulary
PCC | police and crime commissioner
OPCC | office of the police and crime commissioner
PCSO | police community support officer
NPT | neighbourhood policing team
CSP | community safety partnership
VRU | violence reduction unit
YOT | youth offending team
MASH | multi-agency safeguarding hub
MARAC | multi-agency risk assessment conference
MAPPA | multi-agency public protection arrangements
IDVA | independent domestic violence adviser | independent domestic violence advisor
ISVA | independent sexual violence adviser | independent sexual violence advisor
DVPN | domestic violence protection notice
DVPO | domestic violence protection order
OOCD | out-of-court disposal | out-of-court resolution
PSD | professional standards department
SIO | senior investigating officer
FLO | family liaison officer
SOCO | scenes of crime officer | CSI | crime scene investigator
BWV | body-worn video | body-worn camera
ANPR | automatic number plate recognition
LFR | live facial recognition
RTC | road traffic collision
NTE | night-time economy
ACE | adverse childhood experience
CYP | children and young people
RCRP | Right Care Right Person
NDM | National Decision Model
PEQF | Police Education Qualifications Framework
EBP | evidence-based policing
POP | problem-oriented policing
RCT | randomised controlled trial | randomized controlled trial
"""


def forwards(apps, schema_editor):
    synonyms, wording = apps.get_model("search", "Synonyms"), apps.get_model("search", "Wording")
    for line in GROUPS.strip().splitlines():
        words = [each.strip() for each in line.split("|")]
        group = synonyms.objects.create(words="\n".join(words))
        wording.objects.bulk_create(wording(group=group, key=key_of(words_of(each)), words=each) for each in words)


def backwards(apps, schema_editor):
    apps.get_model("search", "Synonyms").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0004_synonyms")]

    operations = [migrations.RunPython(forwards, backwards)]
