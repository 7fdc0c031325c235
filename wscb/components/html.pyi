"""The types of `wscb.html`. Generated from html.json by `python -m wscb.components.generate`: do not edit."""

# fmt: off
# ruff: noqa

from collections.abc import Sequence
from typing import Literal, TypedDict, Unpack

from wscb.components.base import Children, Component, Id, Number, Style, Texts

__all__ = ["A", "Abbr", "Acronym", "Address", "Area", "Article", "Aside", "Audio", "B", "Base", "Bdi", "Bdo", "Big", "Blockquote", "Br", "Button", "Canvas", "Caption", "Center", "Cite", "Code", "Col", "Colgroup", "Data", "Datalist", "Dd", "Del", "Details", "Dfn", "Dialog", "Div", "Dl", "Dt", "Em", "Embed", "Fieldset", "Figcaption", "Figure", "Font", "Footer", "Form", "H1", "H2", "H3", "H4", "H5", "H6", "Header", "Hgroup", "Hr", "I", "Iframe", "Img", "Input", "Ins", "Kbd", "Label", "Legend", "Li", "Link", "Main", "MapEl", "Mark", "Marquee", "Menu", "Meta", "Meter", "Nav", "Nobr", "Noscript", "ObjectEl", "Ol", "Optgroup", "Option", "Output", "P", "Picture", "Pre", "Progress", "Q", "Rb", "Rp", "Rt", "Rtc", "Ruby", "S", "Samp", "Search", "Section", "Select", "Selectedcontent", "Slot", "Small", "Source", "Span", "Strike", "Strong", "Sub", "Summary", "Sup", "Table", "Tbody", "Td", "Template", "Textarea", "Tfoot", "Th", "Thead", "Time", "Title", "Tr", "Track", "U", "Ul", "Var", "Video", "Wbr", "HtmlElement"]


class _Global(TypedDict, total=False):
    id: Id | None
    className: str | None
    style: Style | None
    key: str | int | None
    accessKey: str | None
    autoCapitalize: str | None
    autoCorrect: Literal["on", "off"] | None
    autoFocus: bool | None
    contentEditable: bool | str | None
    dir: Literal["ltr", "rtl", "auto"] | None
    disable_n_clicks: bool | None
    draggable: bool | str | None
    enterKeyHint: Literal["enter", "done", "go", "next", "previous", "search", "send"] | None
    hidden: bool | str | None
    inert: bool | None
    inputMode: Literal["none", "text", "decimal", "numeric", "tel", "search", "email", "url"] | None
    itemID: str | None
    itemProp: Texts | None
    itemRef: Texts | None
    itemScope: bool | None
    itemType: Texts | None
    lang: str | None
    n_clicks: int | None
    n_clicks_timestamp: int | None
    part: Texts | None
    popover: bool | str | None
    role: str | None
    slot: str | None
    spellCheck: bool | str | None
    tabIndex: int | str | None
    title: str | None
    translate: bool | str | None
    writingSuggestions: bool | str | None


class HtmlElement(Component):
    """The base of the classes in `wscb.html`."""

    accessKey: str | None
    autoCapitalize: str | None
    autoCorrect: Literal["on", "off"] | None
    autoFocus: bool | None
    contentEditable: bool | str | None
    dir: Literal["ltr", "rtl", "auto"] | None
    disable_n_clicks: bool | None
    draggable: bool | str | None
    enterKeyHint: Literal["enter", "done", "go", "next", "previous", "search", "send"] | None
    hidden: bool | str | None
    inert: bool | None
    inputMode: Literal["none", "text", "decimal", "numeric", "tel", "search", "email", "url"] | None
    itemID: str | None
    itemProp: Texts | None
    itemRef: Texts | None
    itemScope: bool | None
    itemType: Texts | None
    lang: str | None
    n_clicks: int | None
    n_clicks_timestamp: int | None
    part: Texts | None
    popover: bool | str | None
    role: str | None
    slot: str | None
    spellCheck: bool | str | None
    tabIndex: int | str | None
    title: str | None
    translate: bool | str | None
    writingSuggestions: bool | str | None


class _A(_Global, total=False):
    download: bool | str | None
    href: str | None
    hrefLang: str | None
    ping: Texts | None
    referrerPolicy: str | None
    rel: Texts | None
    target: str | None
    type: str | None


class A(HtmlElement):
    """A hyperlink."""

    download: bool | str | None
    href: str | None
    hrefLang: str | None
    ping: Texts | None
    referrerPolicy: str | None
    rel: Texts | None
    target: str | None
    type: str | None
    def __init__(self, children: Children = None, **props: Unpack[_A]) -> None: ...


class Abbr(HtmlElement):
    """An abbreviation; `title` says what it stands for."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Acronym(HtmlElement):
    """An acronym. Obsolete: use Abbr."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Address(HtmlElement):
    """Contact information for a page or an Article."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Area(_Global, total=False):
    alt: str | None
    coords: str | Sequence[Number] | None
    download: bool | str | None
    href: str | None
    ping: Texts | None
    referrerPolicy: str | None
    rel: Texts | None
    shape: Literal["circle", "default", "poly", "rect"] | None
    target: str | None


class Area(HtmlElement):
    """A hyperlink or dead area on an image map."""

    alt: str | None
    coords: str | Sequence[Number] | None
    download: bool | str | None
    href: str | None
    ping: Texts | None
    referrerPolicy: str | None
    rel: Texts | None
    shape: Literal["circle", "default", "poly", "rect"] | None
    target: str | None
    def __init__(self, **props: Unpack[_Area]) -> None: ...


class Article(HtmlElement):
    """A self-contained piece that could stand alone."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Aside(HtmlElement):
    """A sidebar for tangential content."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Audio(_Global, total=False):
    autoPlay: bool | None
    controls: bool | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    currentTime: Number | None
    loop: bool | None
    muted: bool | None
    playbackRate: Number | None
    preload: Literal["none", "metadata", "auto"] | None
    src: str | None
    volume: Number | None


class Audio(HtmlElement):
    """An audio player."""

    autoPlay: bool | None
    controls: bool | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    currentTime: Number | None
    loop: bool | None
    muted: bool | None
    playbackRate: Number | None
    preload: Literal["none", "metadata", "auto"] | None
    src: str | None
    volume: Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Audio]) -> None: ...


class B(HtmlElement):
    """Keywords; text to draw attention to."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Base(_Global, total=False):
    href: str | None
    target: str | None


class Base(HtmlElement):
    """The base URL and default target of links."""

    href: str | None
    target: str | None
    def __init__(self, **props: Unpack[_Base]) -> None: ...


class Bdi(HtmlElement):
    """Text isolated in its direction."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Bdo(HtmlElement):
    """Text with an explicit direction, `dir`."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Big(HtmlElement):
    """Larger text. Obsolete: use `style`."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Blockquote(_Global, total=False):
    cite: str | None


class Blockquote(HtmlElement):
    """A section quoted from another source."""

    cite: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Blockquote]) -> None: ...


class Br(HtmlElement):
    """A line break."""

    def __init__(self, **props: Unpack[_Global]) -> None: ...


class _Button(_Global, total=False):
    command: str | None
    commandFor: str | None
    disabled: bool | None
    form: str | None
    formAction: str | None
    formEncType: str | None
    formMethod: str | None
    formNoValidate: bool | None
    formTarget: str | None
    name: str | None
    popoverTarget: str | None
    popoverTargetAction: Literal["hide", "show", "toggle"] | None
    type: Literal["submit", "reset", "button"] | None
    value: str | Number | None


class Button(HtmlElement):
    """A button. In a Form it submits unless `type` is "button"."""

    command: str | None
    commandFor: str | None
    disabled: bool | None
    form: str | None
    formAction: str | None
    formEncType: str | None
    formMethod: str | None
    formNoValidate: bool | None
    formTarget: str | None
    name: str | None
    popoverTarget: str | None
    popoverTargetAction: Literal["hide", "show", "toggle"] | None
    type: Literal["submit", "reset", "button"] | None
    value: str | Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Button]) -> None: ...


class _Canvas(_Global, total=False):
    height: Number | None
    width: Number | None


class Canvas(HtmlElement):
    """A bitmap for scripts to draw on."""

    height: Number | None
    width: Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Canvas]) -> None: ...


class Caption(HtmlElement):
    """The caption of a Table."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Center(HtmlElement):
    """Centred content. Obsolete: use `style`."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Cite(HtmlElement):
    """The title of a work."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Code(HtmlElement):
    """Computer code."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Col(_Global, total=False):
    span: int | None


class Col(HtmlElement):
    """A table column."""

    span: int | None
    def __init__(self, **props: Unpack[_Col]) -> None: ...


class _Colgroup(_Global, total=False):
    span: int | None


class Colgroup(HtmlElement):
    """A group of table columns."""

    span: int | None
    def __init__(self, children: Children = None, **props: Unpack[_Colgroup]) -> None: ...


class _Data(_Global, total=False):
    value: str | Number | None


class Data(HtmlElement):
    """Text with its machine-readable `value`."""

    value: str | Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Data]) -> None: ...


class Datalist(HtmlElement):
    """Options that an Input refers to by `list`."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Dd(HtmlElement):
    """The content for the Dt before it."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Del(_Global, total=False):
    cite: str | None
    dateTime: str | None


class Del(HtmlElement):
    """A removal from the document."""

    cite: str | None
    dateTime: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Del]) -> None: ...


class _Details(_Global, total=False):
    name: str | None
    open: bool | None


class Details(HtmlElement):
    """A disclosure that the user opens; its first child is a Summary. The user's doing sets `open`."""

    name: str | None
    open: bool | None
    def __init__(self, children: Children = None, **props: Unpack[_Details]) -> None: ...


class Dfn(HtmlElement):
    """The defining instance of a term."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Dialog(_Global, total=False):
    closedBy: Literal["any", "closerequest", "none"] | None
    modal: bool | None
    open: bool | None
    returnValue: str | None


class Dialog(HtmlElement):
    """A dialog box: `open=True` shows it, over everything else unless `modal=False`. The user's doing sets `open` and `returnValue`."""

    closedBy: Literal["any", "closerequest", "none"] | None
    modal: bool | None
    open: bool | None
    returnValue: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Dialog]) -> None: ...


class Div(HtmlElement):
    """A generic block."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Dl(HtmlElement):
    """An association list of Dt and Dd."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Dt(HtmlElement):
    """The term for the Dd after it."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Em(HtmlElement):
    """Stress emphasis."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Embed(_Global, total=False):
    height: str | Number | None
    src: str | None
    type: str | None
    width: str | Number | None


class Embed(HtmlElement):
    """A plugin's content."""

    height: str | Number | None
    src: str | None
    type: str | None
    width: str | Number | None
    def __init__(self, **props: Unpack[_Embed]) -> None: ...


class _Fieldset(_Global, total=False):
    disabled: bool | None
    form: str | None
    name: str | None


class Fieldset(HtmlElement):
    """A group of form controls."""

    disabled: bool | None
    form: str | None
    name: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Fieldset]) -> None: ...


class Figcaption(HtmlElement):
    """The caption of a Figure."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Figure(HtmlElement):
    """A figure with an optional caption."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Font(_Global, total=False):
    color: str | None
    face: str | None
    size: str | int | None


class Font(HtmlElement):
    """Styled text. Obsolete: use `style`."""

    color: str | None
    face: str | None
    size: str | int | None
    def __init__(self, children: Children = None, **props: Unpack[_Font]) -> None: ...


class Footer(HtmlElement):
    """The footer of a page or section."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Form(_Global, total=False):
    acceptCharset: str | None
    action: str | None
    autoComplete: bool | str | None
    encType: str | None
    method: Literal["get", "post", "dialog"] | None
    name: str | None
    noValidate: bool | None
    rel: Texts | None
    target: str | None


class Form(HtmlElement):
    """A form that users submit; without `action` nothing is sent and the page stays."""

    acceptCharset: str | None
    action: str | None
    autoComplete: bool | str | None
    encType: str | None
    method: Literal["get", "post", "dialog"] | None
    name: str | None
    noValidate: bool | None
    rel: Texts | None
    target: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Form]) -> None: ...


class H1(HtmlElement):
    """A heading of the first level."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class H2(HtmlElement):
    """A heading of the second level."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class H3(HtmlElement):
    """A heading of the third level."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class H4(HtmlElement):
    """A heading of the fourth level."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class H5(HtmlElement):
    """A heading of the fifth level."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class H6(HtmlElement):
    """A heading of the sixth level."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Header(HtmlElement):
    """Introductory or navigational aids for a page or section."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Hgroup(HtmlElement):
    """A heading with its subheadings."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Hr(HtmlElement):
    """A thematic break."""

    def __init__(self, **props: Unpack[_Global]) -> None: ...


class I(HtmlElement):
    """Text in an alternate voice."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Iframe(_Global, total=False):
    allow: str | None
    allowFullScreen: bool | None
    height: str | Number | None
    loading: Literal["eager", "lazy"] | None
    name: str | None
    referrerPolicy: str | None
    sandbox: bool | Texts | None
    src: str | None
    width: str | Number | None


class Iframe(HtmlElement):
    """Another page in this one."""

    allow: str | None
    allowFullScreen: bool | None
    height: str | Number | None
    loading: Literal["eager", "lazy"] | None
    name: str | None
    referrerPolicy: str | None
    sandbox: bool | Texts | None
    src: str | None
    width: str | Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Iframe]) -> None: ...


class _Img(_Global, total=False):
    alt: str | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    decoding: Literal["sync", "async", "auto"] | None
    fetchPriority: Literal["high", "low", "auto"] | None
    height: str | Number | None
    isMap: bool | None
    loading: Literal["eager", "lazy"] | None
    referrerPolicy: str | None
    sizes: str | None
    src: str | None
    srcSet: Texts | None
    useMap: str | None
    width: str | Number | None


class Img(HtmlElement):
    """An image."""

    alt: str | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    decoding: Literal["sync", "async", "auto"] | None
    fetchPriority: Literal["high", "low", "auto"] | None
    height: str | Number | None
    isMap: bool | None
    loading: Literal["eager", "lazy"] | None
    referrerPolicy: str | None
    sizes: str | None
    src: str | None
    srcSet: Texts | None
    useMap: str | None
    width: str | Number | None
    def __init__(self, **props: Unpack[_Img]) -> None: ...


class _Input(_Global, total=False):
    accept: Texts | None
    alpha: bool | None
    alt: str | None
    autoComplete: bool | str | None
    capture: bool | str | None
    checked: bool | None
    colorSpace: str | None
    dirName: str | None
    disabled: bool | None
    form: str | None
    formAction: str | None
    formEncType: str | None
    formMethod: str | None
    formNoValidate: bool | None
    formTarget: str | None
    height: str | Number | None
    indeterminate: bool | None
    list: str | None
    max: str | Number | None
    maxLength: int | None
    min: str | Number | None
    minLength: int | None
    multiple: bool | None
    name: str | None
    pattern: str | None
    placeholder: str | None
    popoverTarget: str | None
    popoverTargetAction: Literal["hide", "show", "toggle"] | None
    readOnly: bool | None
    required: bool | None
    size: int | None
    src: str | None
    step: str | Number | None
    type: str | None
    value: str | Number | None
    width: str | Number | None


class Input(HtmlElement):
    """A form control; its value is text. See `dcc.Input` for numbers, debounce and n_submit. The user's doing sets `checked` and `value`."""

    accept: Texts | None
    alpha: bool | None
    alt: str | None
    autoComplete: bool | str | None
    capture: bool | str | None
    checked: bool | None
    colorSpace: str | None
    dirName: str | None
    disabled: bool | None
    form: str | None
    formAction: str | None
    formEncType: str | None
    formMethod: str | None
    formNoValidate: bool | None
    formTarget: str | None
    height: str | Number | None
    indeterminate: bool | None
    list: str | None
    max: str | Number | None
    maxLength: int | None
    min: str | Number | None
    minLength: int | None
    multiple: bool | None
    name: str | None
    pattern: str | None
    placeholder: str | None
    popoverTarget: str | None
    popoverTargetAction: Literal["hide", "show", "toggle"] | None
    readOnly: bool | None
    required: bool | None
    size: int | None
    src: str | None
    step: str | Number | None
    type: str | None
    value: str | Number | None
    width: str | Number | None
    def __init__(self, **props: Unpack[_Input]) -> None: ...


class _Ins(_Global, total=False):
    cite: str | None
    dateTime: str | None


class Ins(HtmlElement):
    """An addition to the document."""

    cite: str | None
    dateTime: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Ins]) -> None: ...


class Kbd(HtmlElement):
    """User input."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Label(_Global, total=False):
    htmlFor: str | None


class Label(HtmlElement):
    """The caption of the form control with the id `htmlFor`."""

    htmlFor: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Label]) -> None: ...


class Legend(HtmlElement):
    """The caption of a Fieldset."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Li(_Global, total=False):
    value: int | None


class Li(HtmlElement):
    """A list item."""

    value: int | None
    def __init__(self, children: Children = None, **props: Unpack[_Li]) -> None: ...


class _Link(_Global, total=False):
    blocking: Texts | None
    color: str | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    disabled: bool | None
    fetchPriority: Literal["high", "low", "auto"] | None
    href: str | None
    hrefLang: str | None
    imageSizes: str | None
    imageSrcSet: Texts | None
    integrity: str | None
    media: str | None
    referrerPolicy: str | None
    rel: Texts | None
    sizes: Texts | None
    type: str | None


class Link(HtmlElement):
    """A stylesheet or another resource."""

    blocking: Texts | None
    color: str | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    disabled: bool | None
    fetchPriority: Literal["high", "low", "auto"] | None
    href: str | None
    hrefLang: str | None
    imageSizes: str | None
    imageSrcSet: Texts | None
    integrity: str | None
    media: str | None
    referrerPolicy: str | None
    rel: Texts | None
    sizes: Texts | None
    type: str | None
    def __init__(self, **props: Unpack[_Link]) -> None: ...


class Main(HtmlElement):
    """The dominant content of the page."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _MapEl(_Global, total=False):
    name: str | None


class MapEl(HtmlElement):
    """An image map."""

    name: str | None
    def __init__(self, children: Children = None, **props: Unpack[_MapEl]) -> None: ...


class Mark(HtmlElement):
    """A highlight."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Marquee(HtmlElement):
    """Scrolling text. Obsolete."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Menu(HtmlElement):
    """A list of commands."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Meta(_Global, total=False):
    charSet: str | None
    content: str | None
    httpEquiv: str | None
    media: str | None
    name: str | None


class Meta(HtmlElement):
    """Metadata of the page."""

    charSet: str | None
    content: str | None
    httpEquiv: str | None
    media: str | None
    name: str | None
    def __init__(self, **props: Unpack[_Meta]) -> None: ...


class _Meter(_Global, total=False):
    high: Number | None
    low: Number | None
    max: Number | None
    min: Number | None
    optimum: Number | None
    value: Number | None


class Meter(HtmlElement):
    """A gauge: `value` between `min` and `max`."""

    high: Number | None
    low: Number | None
    max: Number | None
    min: Number | None
    optimum: Number | None
    value: Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Meter]) -> None: ...


class Nav(HtmlElement):
    """Navigational links."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Nobr(HtmlElement):
    """Text without line breaks. Obsolete: use `style`."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Noscript(HtmlElement):
    """Content for pages without scripts."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _ObjectEl(_Global, total=False):
    data: str | None
    form: str | None
    height: str | Number | None
    name: str | None
    type: str | None
    width: str | Number | None


class ObjectEl(HtmlElement):
    """An image, a page or a plugin's content."""

    data: str | None
    form: str | None
    height: str | Number | None
    name: str | None
    type: str | None
    width: str | Number | None
    def __init__(self, children: Children = None, **props: Unpack[_ObjectEl]) -> None: ...


class _Ol(_Global, total=False):
    reversed: bool | None
    start: int | None
    type: Literal["1", "a", "A", "i", "I"] | None


class Ol(HtmlElement):
    """An ordered list."""

    reversed: bool | None
    start: int | None
    type: Literal["1", "a", "A", "i", "I"] | None
    def __init__(self, children: Children = None, **props: Unpack[_Ol]) -> None: ...


class _Optgroup(_Global, total=False):
    disabled: bool | None
    label: str | None


class Optgroup(HtmlElement):
    """A group of options in a Select."""

    disabled: bool | None
    label: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Optgroup]) -> None: ...


class _Option(_Global, total=False):
    disabled: bool | None
    label: str | None
    selected: bool | None
    value: str | Number | None


class Option(HtmlElement):
    """An option in a Select or Datalist."""

    disabled: bool | None
    label: str | None
    selected: bool | None
    value: str | Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Option]) -> None: ...


class _Output(_Global, total=False):
    form: str | None
    htmlFor: Texts | None
    name: str | None


class Output(HtmlElement):
    """A calculated value, read out when it changes."""

    form: str | None
    htmlFor: Texts | None
    name: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Output]) -> None: ...


class P(HtmlElement):
    """A paragraph."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Picture(HtmlElement):
    """An Img with several sources."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Pre(HtmlElement):
    """Preformatted text."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Progress(_Global, total=False):
    max: Number | None
    value: Number | None


class Progress(HtmlElement):
    """A progress bar: `value` of `max`; without a value, busy."""

    max: Number | None
    value: Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Progress]) -> None: ...


class _Q(_Global, total=False):
    cite: str | None


class Q(HtmlElement):
    """A quotation."""

    cite: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Q]) -> None: ...


class Rb(HtmlElement):
    """The base of a Ruby. Obsolete."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Rp(HtmlElement):
    """A parenthesis around a ruby annotation."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Rt(HtmlElement):
    """The text of a ruby annotation."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Rtc(HtmlElement):
    """A container of ruby annotations. Obsolete."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Ruby(HtmlElement):
    """Text with ruby annotations."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class S(HtmlElement):
    """Text that is no longer accurate."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Samp(HtmlElement):
    """The output of a program."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Search(HtmlElement):
    """A group of controls for searching or filtering."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Section(HtmlElement):
    """A generic section with a heading."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Select(_Global, total=False):
    autoComplete: bool | str | None
    disabled: bool | None
    form: str | None
    multiple: bool | None
    name: str | None
    required: bool | None
    size: int | None
    value: str | Number | Sequence[str] | None


class Select(HtmlElement):
    """A list box; `value` is the chosen option's, a list of them with `multiple`. The user's doing sets `value`."""

    autoComplete: bool | str | None
    disabled: bool | None
    form: str | None
    multiple: bool | None
    name: str | None
    required: bool | None
    size: int | None
    value: str | Number | Sequence[str] | None
    def __init__(self, children: Children = None, **props: Unpack[_Select]) -> None: ...


class Selectedcontent(HtmlElement):
    """Mirrors the chosen Option of a Select."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Slot(_Global, total=False):
    name: str | None


class Slot(HtmlElement):
    """A place in a shadow tree."""

    name: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Slot]) -> None: ...


class Small(HtmlElement):
    """A side comment, small print."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Source(_Global, total=False):
    height: Number | None
    media: str | None
    sizes: str | None
    src: str | None
    srcSet: Texts | None
    type: str | None
    width: Number | None


class Source(HtmlElement):
    """An image source for Picture, a media source for Video or Audio."""

    height: Number | None
    media: str | None
    sizes: str | None
    src: str | None
    srcSet: Texts | None
    type: str | None
    width: Number | None
    def __init__(self, **props: Unpack[_Source]) -> None: ...


class Span(HtmlElement):
    """A generic piece of text."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Strike(HtmlElement):
    """Struck text. Obsolete: use S or Del."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Strong(HtmlElement):
    """Importance."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Sub(HtmlElement):
    """A subscript."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Summary(HtmlElement):
    """The caption of Details."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Sup(HtmlElement):
    """A superscript."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Table(HtmlElement):
    """A table."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Tbody(HtmlElement):
    """The body rows of a Table."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Td(_Global, total=False):
    colSpan: int | None
    headers: Texts | None
    rowSpan: int | None


class Td(HtmlElement):
    """A table cell."""

    colSpan: int | None
    headers: Texts | None
    rowSpan: int | None
    def __init__(self, children: Children = None, **props: Unpack[_Td]) -> None: ...


class Template(HtmlElement):
    """Content that is not shown, for scripts."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Textarea(_Global, total=False):
    autoComplete: bool | str | None
    cols: int | None
    dirName: str | None
    disabled: bool | None
    form: str | None
    maxLength: int | None
    minLength: int | None
    name: str | None
    placeholder: str | None
    readOnly: bool | None
    required: bool | None
    rows: int | None
    value: str | None
    wrap: Literal["soft", "hard", "off"] | None


class Textarea(HtmlElement):
    """A multi-line text control. See `dcc.Textarea` for debounce and n_blur. The user's doing sets `value`."""

    autoComplete: bool | str | None
    cols: int | None
    dirName: str | None
    disabled: bool | None
    form: str | None
    maxLength: int | None
    minLength: int | None
    name: str | None
    placeholder: str | None
    readOnly: bool | None
    required: bool | None
    rows: int | None
    value: str | None
    wrap: Literal["soft", "hard", "off"] | None
    def __init__(self, children: Children = None, **props: Unpack[_Textarea]) -> None: ...


class Tfoot(HtmlElement):
    """The footer rows of a Table."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Th(_Global, total=False):
    abbr: str | None
    colSpan: int | None
    headers: Texts | None
    rowSpan: int | None
    scope: Literal["row", "col", "rowgroup", "colgroup"] | None


class Th(HtmlElement):
    """A table header cell."""

    abbr: str | None
    colSpan: int | None
    headers: Texts | None
    rowSpan: int | None
    scope: Literal["row", "col", "rowgroup", "colgroup"] | None
    def __init__(self, children: Children = None, **props: Unpack[_Th]) -> None: ...


class Thead(HtmlElement):
    """The header rows of a Table."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Time(_Global, total=False):
    dateTime: str | None


class Time(HtmlElement):
    """A date or time, machine-readable in `dateTime`."""

    dateTime: str | None
    def __init__(self, children: Children = None, **props: Unpack[_Time]) -> None: ...


class Title(HtmlElement):
    """The title of the page. See also `App(title=...)`."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Tr(HtmlElement):
    """A table row."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Track(_Global, total=False):
    default: bool | None
    kind: Literal["subtitles", "captions", "descriptions", "chapters", "metadata"] | None
    label: str | None
    src: str | None
    srcLang: str | None


class Track(HtmlElement):
    """A timed text track."""

    default: bool | None
    kind: Literal["subtitles", "captions", "descriptions", "chapters", "metadata"] | None
    label: str | None
    src: str | None
    srcLang: str | None
    def __init__(self, **props: Unpack[_Track]) -> None: ...


class U(HtmlElement):
    """Text with a non-textual annotation."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Ul(HtmlElement):
    """A list."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class Var(HtmlElement):
    """A variable."""

    def __init__(self, children: Children = None, **props: Unpack[_Global]) -> None: ...


class _Video(_Global, total=False):
    autoPlay: bool | None
    controls: bool | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    currentTime: Number | None
    height: Number | None
    loop: bool | None
    muted: bool | None
    playbackRate: Number | None
    playsInline: bool | None
    poster: str | None
    preload: Literal["none", "metadata", "auto"] | None
    src: str | None
    volume: Number | None
    width: Number | None


class Video(HtmlElement):
    """A video player."""

    autoPlay: bool | None
    controls: bool | None
    crossOrigin: Literal["anonymous", "use-credentials"] | None
    currentTime: Number | None
    height: Number | None
    loop: bool | None
    muted: bool | None
    playbackRate: Number | None
    playsInline: bool | None
    poster: str | None
    preload: Literal["none", "metadata", "auto"] | None
    src: str | None
    volume: Number | None
    width: Number | None
    def __init__(self, children: Children = None, **props: Unpack[_Video]) -> None: ...


class Wbr(HtmlElement):
    """A place where a line may break."""

    def __init__(self, **props: Unpack[_Global]) -> None: ...
