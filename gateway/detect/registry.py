"""The recognizers, and Presidio's engine over them."""

from __future__ import annotations

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer import predefined_recognizers as presidio

from gateway.detect.context import NearbyWordsEnhancer
from gateway.detect.ner import LocalNlpEngine
from gateway.detect.recognizers.generic import email, url
from gateway.detect.recognizers.national import national
from gateway.detect.recognizers.phone import OnePassPhoneRecognizer
from gateway.detect.recognizers.secrets import SecretRecognizer


def make_engine(nlp: LocalNlpEngine) -> AnalyzerEngine:
    """Return Presidio's engine with our registry; it never makes a registry or a model of its own."""
    recognizers = [
        email(),
        url(),
        SecretRecognizer(),
        OnePassPhoneRecognizer(),
        presidio.CreditCardRecognizer(),
        presidio.IbanRecognizer(),
        presidio.IpRecognizer(),
        presidio.MacAddressRecognizer(),
        presidio.CryptoRecognizer(),
        *national(),
    ]
    if names := nlp.get_supported_entities():
        recognizers.append(presidio.SpacyRecognizer(supported_entities=names))
    registry = RecognizerRegistry(recognizers=recognizers, supported_languages=["en"])
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=nlp,
        supported_languages=["en"],
        log_decision_process=False,
        context_aware_enhancer=NearbyWordsEnhancer(),
    )
