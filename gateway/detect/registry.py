"""The recognizers, and the engine over them."""

from __future__ import annotations

from presidio_analyzer import RecognizerRegistry
from presidio_analyzer import predefined_recognizers as presidio

from gateway.detect.engine import LANGUAGE, Engine
from gateway.detect.ner import LocalNlpEngine
from gateway.detect.raw import NAMES
from gateway.detect.recognizers.accounts import accounts
from gateway.detect.recognizers.addresses import AddressRecognizer
from gateway.detect.recognizers.americas import AMERICAS
from gateway.detect.recognizers.asia import ASIA
from gateway.detect.recognizers.births import births
from gateway.detect.recognizers.cards import CardRecognizer
from gateway.detect.recognizers.coordinates import coordinates
from gateway.detect.recognizers.dialled import dialled
from gateway.detect.recognizers.elsewhere import ELSEWHERE
from gateway.detect.recognizers.europe import EUROPE
from gateway.detect.recognizers.generic import email, url
from gateway.detect.recognizers.grids import grids
from gateway.detect.recognizers.iban import InternationalAccountRecognizer
from gateway.detect.recognizers.identifiers import identifiers
from gateway.detect.recognizers.issued import issued
from gateway.detect.recognizers.machines import MachineRecognizer
from gateway.detect.recognizers.people import PeopleRecognizer
from gateway.detect.recognizers.phone import OnePassPhoneRecognizer
from gateway.detect.recognizers.plates import plates
from gateway.detect.recognizers.secrets import SecretRecognizer


def make_engine(nlp: LocalNlpEngine) -> Engine:
    """Return the engine with our registry; no registry or model of Presidio's own is made."""
    recognizers = [
        email(),
        url(),
        SecretRecognizer(),
        OnePassPhoneRecognizer(),
        CardRecognizer(),
        dialled(),
        InternationalAccountRecognizer(),
        MachineRecognizer(),
        *grids(),
        presidio.CryptoRecognizer(),
        *identifiers(),
        *births(),
        *accounts(),
        *coordinates(),
        *plates(),
        AddressRecognizer(),
        PeopleRecognizer(),
        *issued((*EUROPE, *AMERICAS, *ASIA, *ELSEWHERE)),
    ]
    if names := nlp.get_supported_entities():
        by_model = presidio.SpacyRecognizer(supported_entities=names)  # takes the names that the engine has found
        by_model.name = NAMES
        recognizers.append(by_model)
    return Engine(RecognizerRegistry(recognizers=recognizers, supported_languages=[LANGUAGE]), nlp)
