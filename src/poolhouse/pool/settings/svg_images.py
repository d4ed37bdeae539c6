"""SVG that somebody gives for a page: shapes and colours stay, whatever runs or loads does not (endpoints.md §17.2)."""

from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors

_ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc"}
    | {"defs", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "use", "symbol", "pattern"}
)
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
# A backslash spells any of the others: u\\72l( is url(.
_LOADS = ("url(", "src(", "image(", "image-set(", "javascript:", "data:", "@import", "expression(", "\\")


def cleaned(image: bytes, category: str) -> bytes:
    """The image without what is not allowed. Raises InvalidParameterException: it is no SVG."""
    from lxml import etree  # takes 20 ms, and most pools have no images

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(image, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise errors.InvalidParameterException(texts.ASSET_INVALID, category) from error
    if root.tag != f"{_NAMESPACE}svg" or root.getroottree().docinfo.internalDTD is not None:
        raise errors.InvalidParameterException(texts.ASSET_INVALID, category)
    for element in list(root.iter()):
        if str(element.tag).removeprefix(_NAMESPACE) not in _ELEMENTS:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name, value in list(element.attrib.items()):
            if not _is_harmless(str(name), str(value)):
                del element.attrib[name]
    return etree.tostring(root)


def _is_harmless(name: str, value: str) -> bool:
    if name in ("href", _XLINK):
        return value.startswith("#")
    folded = "".join(value.split()).lower()
    is_local = folded.startswith("url(#") and folded.count("url(") == 1
    return not name.lower().startswith("on") and (is_local or not any(word in folded for word in _LOADS))
