"""The 39 sounds of American English by their ARPAbet names, and what they are called elsewhere."""

_NAMES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
PHONES = tuple(_NAMES.split())
INDEX = {phone: index for index, phone in enumerate(PHONES)}
VOWELS = frozenset(("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"))
FINAL_CONSONANTS = frozenset(("T", "D", "K", "G", "P", "B", "S", "Z", "CH", "JH", "SH", "V", "F", "TH"))
"""Those that Korean has not at the end of a syllable, or does not release there."""
_SIGNS = (
    "AA=ɑ AE=æ AO=ɔ AW=aʊ AY=aɪ B=b CH=t͡ʃ D=d DH=ð EH=ɛ EY=eɪ F=f HH=h IH=ɪ IY=i JH=d͡ʒ K=k M=m N=n NG=ŋ OW=oʊ "
    "OY=ɔɪ P=p S=s SH=ʃ TH=θ UH=ʊ UW=u V=v W=w Y=j Z=z ZH=ʒ AH=ʌ,ə,ɐ ER=ɝ,ɚ,ɜ G=g,ɡ L=l,ɫ R=ɹ,r T=t,ɾ"
)
IPA = dict(pair.split("=") for pair in _SIGNS.split())
"""The signs that the phone model has for each, more than one with a comma between."""
_MISAKI_SIGNS = (
    "A=EY I=AY O=OW W=AW Y=OY ʤ=JH ʧ=CH ɑ=AA æ=AE ʌ=AH ə=AH ᵊ=AH ɔ=AO b=B d=D ð=DH ɛ=EH ɜ=ER f=F ɡ=G h=HH ɪ=IH i=IY "
    "k=K l=L m=M n=N ŋ=NG p=P ɹ=R s=S ʃ=SH t=T T=T θ=TH ʊ=UH u=UW v=V w=W j=Y z=Z ʒ=ZH ᵻ=IH"
)
_MISAKI = dict(pair.split("=") for pair in _MISAKI_SIGNS.split())
"""The alphabet of the voice's dictionary."""


def from_misaki(symbols: str) -> list[str]:
    """Return the sounds of a word as the voice's dictionary writes it; signs of stress are passed over."""
    plain = symbols.replace("ɜɹ", "ɜ").replace("əɹ", "ɜ")
    return [_MISAKI[symbol] for symbol in plain if symbol in _MISAKI]
