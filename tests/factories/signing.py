"""Files signed as people sign them in Italy: by a certificate with name and fiscal code, as .p7m or inside the PDF."""

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


@cache
def make_signer(
    name: str = "Rosa", surname: str = "Bianchi", code: str = "TINIT-BNCRSO80A41A662X", *, is_rsa: bool = False
) -> signers.SimpleSigner:
    """Somebody with a certificate of an invented provider."""
    key: Any = rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(ec.SECP256R1())
    subject = pyca.Name(
        [
            pyca.NameAttribute(NameOID.COUNTRY_NAME, "IT"),
            pyca.NameAttribute(NameOID.GIVEN_NAME, name),
            pyca.NameAttribute(NameOID.SURNAME, surname),
            pyca.NameAttribute(NameOID.SERIAL_NUMBER, code),
            pyca.NameAttribute(NameOID.COMMON_NAME, f"{name} {surname}"),
        ]
    )
    issuer = pyca.Name([pyca.NameAttribute(NameOID.ORGANIZATION_NAME, "Firma di prova S.p.A.")])
    certificate = (
        pyca.CertificateBuilder(issuer, subject, key.public_key(), 4711, START, END)
        .add_extension(pyca.KeyUsage(*[False, True, *[False] * 7]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ),
        cert_registry=SimpleCertificateStore(),
    )


def sign_envelope(content: bytes, signer: signers.SimpleSigner | None = None) -> bytes:
    """The content inside a CAdES envelope."""
    whose = signer or make_signer()
    signed = _elsewhere(
        lambda: asyncio.run(whose.async_sign_general_data(content, "sha256", detached=False, use_cades=True))
    )
    return bytes(signed.dump())


def sign_pdf(content: bytes, signer: signers.SimpleSigner | None = None, *, field: str = "Firma1") -> bytes:
    """The PDF with a PAdES signature appended."""
    meta = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    written, whose = IncrementalPdfFileWriter(io.BytesIO(content)), signer or make_signer()
    out = _elsewhere(lambda: signers.sign_pdf(written, meta, signer=whose))
    return bytes(out.getvalue())


def _elsewhere(work: Callable[[], Any]) -> Any:
    """Done in a thread of its own: the library opens an event loop, and after a browser journey this one has one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def real_pdf(*, author: str = "", photograph: bytes = b"", encryption: pikepdf.Encryption | None = None) -> bytes:
    """A PDF written by a library, with its author in the properties and in XMP, and a photograph as it was taken."""
    with pikepdf.new() as pdf, io.BytesIO() as out:
        page = pdf.add_blank_page()
        if author:
            pdf.docinfo["/Author"] = author
            with pdf.open_metadata() as xmp:
                xmp["dc:creator"] = [author]
        if photograph:
            picture = pdf.make_stream(photograph, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1,
                                      Height=1, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
                                      Filter=pikepdf.Name.DCTDecode)  # fmt: skip
            page.add_resource(picture, pikepdf.Name.XObject)
        pdf.save(out, encryption=encryption)
        return out.getvalue()
