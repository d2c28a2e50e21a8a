"""A PDF without what its author left in it: properties, XMP, private data of programs, places in photographs."""

import io
from contextlib import suppress

import pikepdf

from portal.documents.content.images import clean_jpeg
from portal.documents.content.refused import ContentRefused

LEFT_BY_PROGRAMS = ("/Metadata", "/PieceInfo", "/LastModified")


def without_metadata(content: bytes) -> bytes:
    """The same pages, the same bytes for the same PDF. Pictures lose their Exif data, not a pixel."""
    with pikepdf.open(io.BytesIO(content)) as pdf, io.BytesIO() as out:
        for number in range(1, len(pdf.objects) + 1):
            with suppress(ValueError, IndexError, pikepdf.PdfError):
                _clean(pdf.get_object(number, 0))
        with suppress(KeyError):
            del pdf.trailer["/Info"]
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
        return out.getvalue()


def _clean(found: pikepdf.Object) -> None:
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return
    for name in LEFT_BY_PROGRAMS:
        if name in found:
            del found[name]
    if isinstance(found, pikepdf.Stream) and found.get("/Filter") == "/DCTDecode":
        with suppress(ContentRefused):
            found.write(clean_jpeg(found.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def without_names(content: bytes) -> bytes:
    """The same without annotations, form fields and enclosed files too: they bear the names of who made them."""
    with pikepdf.open(io.BytesIO(content)) as pdf, io.BytesIO() as out:
        for name in ("/AcroForm", "/Collection", "/AF"):
            if name in pdf.Root:
                del pdf.Root[name]
        if "/Names" in pdf.Root and "/EmbeddedFiles" in pdf.Root.Names:
            del pdf.Root.Names["/EmbeddedFiles"]
        for page in pdf.pages:
            for name in ("/Annots", "/AF"):
                if name in page.obj:
                    del page.obj[name]
        pdf.remove_unreferenced_resources()
        pdf.save(out, deterministic_id=True)
        return without_metadata(out.getvalue())
