//! Markdown (CommonMark with tables) as HTML without scripts or requests to other sites. Of images, only uploaded ones and those of
//! guides are shown.

mod contents;

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
    time::Duration,
};

use moka::sync::Cache;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use sha2::{Digest as _, Sha256};

use crate::assets::GuidePicture;

pub use contents::Section;

/// The folder of the pictures of guides, as guides name it.
const PICTURES: &str = "images/";

/// The deepest nesting of quotes, lists and spans such as emphasis. The sanitizer looks at all elements that are open for each
/// that begins, so what is nested deeper is shown at this depth.
const DEEPEST: usize = 20;

/// The most marks of quotes and lists at the beginning of a line. The parser compares each line with all quotes and lists that
/// are open.
const MOST_MARKS: usize = 100;

/// The maximum number of bytes of rendered texts that are kept, and how long.
const KEPT_BYTES: u64 = 2 * 1024 * 1024;
const KEPT: Duration = Duration::from_secs(60);

/// Texts that people typed as they were rendered, by their digests. Pages that are not cached show the same texts each time.
static RENDERED: LazyLock<Cache<[u8; 32], Arc<str>>> = LazyLock::new(|| {
    let weight =
        |_: &[u8; 32], html: &Arc<str>| u32::try_from(html.len() + 128).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(KEPT_BYTES).weigher(weight).time_to_live(KEPT).build()
});

/// A document of the program.
pub struct Document {
    /// The text of its heading of the first level.
    pub title: String,
    /// Sanitized HTML without the title.
    pub html: String,
    pub sections: Vec<Section>,
}

/// Renders a document of the program, such as a guide, whose headings begin at the first level.
#[must_use]
pub fn document(markdown: &str) -> Document {
    let contents = contents::of(prepared(with_pictures(events(markdown))));
    let mut written = String::new();
    html::push_html(&mut written, contents.events.into_iter());
    let mut html = dressed(&cleaned(&written, "noreferrer")).replace("<p></p>", "");
    for GuidePicture { address, size: (width, height), .. } in GuidePicture::all() {
        let sized =
            format!("src=\"{address}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"");
        html = html.replace(&format!("src=\"{address}\""), &sized);
    }
    Document { title: contents.title, html, sections: contents.sections }
}

/// Gives the pictures of a guide their addresses, and leaves out those that the program does not contain.
fn with_pictures<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut is_left_out = false;
    events.filter_map(move |event| match event {
        Event::Start(Tag::Image { link_type, dest_url, title, id })
            if dest_url.starts_with(PICTURES) =>
        {
            let name = dest_url.trim_start_matches(PICTURES);
            let picture = GuidePicture::all().iter().find(|picture| picture.name == name);
            is_left_out = picture.is_none();
            let dest_url = CowStr::from(picture?.address.as_str());
            Some(Event::Start(Tag::Image { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Image) if std::mem::take(&mut is_left_out) => None,
        event => (!is_left_out).then_some(event),
    })
}

/// Renders a text that a person typed, as part of a page: HTML in it is shown as it was typed, headings are below those of the
/// page, and links tell search engines that the page does not vouch for them.
#[must_use]
pub fn typed(markdown: &str) -> String {
    let digest = Sha256::digest(markdown).into();
    RENDERED.get_with(digest, || rendered(markdown).into()).to_string()
}

/// Renders a text of the community for a page of its own, whose title is the page's: HTML in it is shown as it was typed, and headings
/// of the first level are of the second.
#[must_use]
pub fn text(markdown: &str) -> String {
    let mut written = String::new();
    let shallow = shallow(markdown);
    html::push_html(&mut written, parsed(&shallow).map(|event| as_typed(event, below_title)));
    dressed(&cleaned(&written, "noreferrer"))
}

/// Renders a text that a person typed, without looking for it among those that are kept.
pub(crate) fn rendered(markdown: &str) -> String {
    let mut written = String::new();
    let shallow = shallow(markdown);
    html::push_html(&mut written, parsed(&shallow).map(|event| as_typed(event, lowered)));
    dressed(&cleaned(&written, "noreferrer nofollow ugc"))
}

/// Leaves out the marks of quotes and lists after the first [`MOST_MARKS`] of a line.
fn shallow(markdown: &str) -> Cow<'_, str> {
    if markdown.lines().all(|line| marks_end(line).is_none()) {
        return Cow::Borrowed(markdown);
    }
    let line = |line: &str| match marks_end(line) {
        Some((first, all)) => [&line[..first], &line[all..]].concat(),
        None => line.to_owned(),
    };
    Cow::Owned(markdown.split_inclusive('\n').map(line).collect())
}

/// Returns where the first [`MOST_MARKS`] marks of a line end, and where all of them end, if it has more.
fn marks_end(line: &str) -> Option<(usize, usize)> {
    let mut number = 0;
    let mut first = 0;
    let mut rest = line;
    while let Some(after) = without_mark(rest) {
        rest = after;
        number += 1;
        if number == MOST_MARKS {
            first = line.len() - rest.len();
        }
    }
    (number > MOST_MARKS).then(|| (first, line.len() - rest.len()))
}

/// Returns a line after the mark of a quote or a list at its beginning.
fn without_mark(line: &str) -> Option<&str> {
    let line = line.trim_start_matches([' ', '\t']);
    if let Some(quoted) = line.strip_prefix('>') {
        return Some(quoted);
    }
    let unnumbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let listed = match line.len() - unnumbered.len() {
        0 => line.strip_prefix(['-', '+', '*']),
        1..=9 => unnumbered.strip_prefix(['.', ')']),
        _ => None,
    };
    listed.filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

fn parsed(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    prepared(events(markdown))
}

fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES)
}

/// Bounds what the events of a text show.
fn prepared<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut depth = 0;
    let mut shown = Vec::new();
    let events = events.filter(move |event| is_kept(event, &mut depth));
    without_added_cells(events.map(move |event| described(event, &mut shown))).into_iter()
}

/// Returns whether an event is no beginning or end of an element that is nested too deeply. `depth` is that of the elements before.
fn is_kept(event: &Event<'_>, depth: &mut usize) -> bool {
    match event {
        Event::Start(Tag::Item) | Event::End(TagEnd::Item) => *depth <= DEEPEST,
        Event::Start(tag) if nests(tag.to_end()) => {
            *depth += 1;
            *depth <= DEEPEST
        }
        Event::End(tag) if nests(*tag) => {
            *depth -= 1;
            *depth < DEEPEST
        }
        _ => true,
    }
}

/// Returns whether an element can contain others of its kind, or of the others of which this is true.
fn nests(tag: TagEnd) -> bool {
    use TagEnd::{BlockQuote, Emphasis, Image, Link, List, Strong};
    matches!(tag, BlockQuote(_) | List(_) | Emphasis | Strong | Link | Image)
}

/// Leaves out the empty cells at the end of rows. The parser adds them up to the number of columns, so that in a table of many
/// columns a row of two characters would become a thousand elements.
fn without_added_cells<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let mut kept: Vec<Event<'a>> = Vec::new();
    for event in events {
        if matches!(event, Event::End(TagEnd::TableRow)) {
            while let [.., Event::Start(Tag::TableCell), Event::End(TagEnd::TableCell)] = &*kept {
                kept.truncate(kept.len() - 2);
            }
        }
        kept.push(event);
    }
    kept
}

/// Shows HTML as text and leaves out images. `level_of` returns the level of a heading on the page.
fn as_typed(event: Event<'_>, level_of: fn(HeadingLevel) -> HeadingLevel) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: level_of(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(level_of(level))),
        other => other,
    }
}

/// Returns the level of a heading below the page's own, which are of the first two levels.
fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// Returns the level of a heading on a page that has only its title above it.
fn below_title(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        level => level,
    }
}

/// Leaves only the description of an image that is not shown. `shown` has whether the images around the event are.
fn described<'a>(event: Event<'a>, shown: &mut Vec<bool>) -> Event<'a> {
    let is_visible = match &event {
        Event::Start(Tag::Image { dest_url, .. }) => {
            shown.push(is_shown(dest_url));
            is_shown(dest_url)
        }
        Event::End(TagEnd::Image) => shown.pop() == Some(true),
        _ => true,
    };
    if is_visible { event } else { Event::Text(CowStr::from("")) }
}

/// Returns whether an address is that of an uploaded picture, or of one of a guide.
fn is_shown(address: &str) -> bool {
    let mut of_guides = GuidePicture::all().iter();
    is_uploaded(address) || of_guides.any(|picture| picture.address == address)
}

/// Returns whether an address is that of an uploaded picture: a hash and the extension of a format.
fn is_uploaded(address: &str) -> bool {
    let file = address.strip_prefix("/pictures/").and_then(|file| file.split_once('.'));
    file.is_some_and(|(hash, extension)| {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        hash.len() == 64 && hash.bytes().all(is_digit) && ["jpg", "png"].contains(&extension)
    })
}

fn cleaned(html: &str, rel: &str) -> String {
    ammonia::Builder::default()
        .link_rel(Some(rel))
        .attribute_filter(|element, attribute, value| {
            let is_kept =
                element != "img" || attribute == "alt" || (attribute == "src" && is_shown(value));
            is_kept.then_some(value.into())
        })
        .add_generic_attributes(["id"])
        .clean(html)
        .to_string()
}

/// Adds what the page's styles need. A table wider than the column scrolls on its own, as a landmark with a name of its own.
fn dressed(clean: &str) -> String {
    let part = |(number, part): (usize, &str)| match number {
        0 => part.to_owned(),
        _ => format!(
            "<div class=\"table-wrap\" tabindex=\"0\" role=\"region\" aria-label=\"Table {number}\"><table class=\"table\">{part}"
        ),
    };
    let parts = clean.split("<table>").enumerate().map(part);
    parts
        .collect::<String>()
        .replace("</table>", "</table></div>")
        .replace("<pre>", "<pre tabindex=\"0\">")
        .replace("<th>", "<th scope=\"col\">")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "# A\n\n<script>x</script>\n\n<b onclick=x>b</b>\n\nAn ![x](https://else.where/x.png) \
                           [link](javascript:x)\n\n|a|\n|-|\n|b|";

    #[test]
    fn rendered_markdown_contains_no_scripts() {
        let Document { title, html, .. } = document(HOSTILE);
        assert!(title == "A" && html.contains("<td>b</td>"), "{title}: {html}");
        for banned in ["<script", "onclick", "<img", "else.where", "javascript"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
    }

    /// Returns the greatest number of open elements of HTML.
    fn depth(html: &str) -> usize {
        let (mut open, mut deepest) = (0_usize, 0);
        for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with("hr>")) {
            open = if tag.starts_with('/') { open.saturating_sub(1) } else { open + 1 };
            deepest = deepest.max(open);
        }
        deepest
    }

    #[test]
    fn uploaded_pictures_are_shown_and_no_others() {
        let own = format!("/pictures/{}.jpg", "0a".repeat(32));
        let html = rendered(&format!("![A *boat*]({own} \"x\") ![Far](https://else.where/x.png)"));
        assert!(html.contains(&format!("<img src=\"{own}\" alt=\"A boat\">")), "{html}");
        assert!(html.contains("Far") && !html.contains("else.where"), "{html}");
        for other in [
            own.replace("/pictures", "//else.where/pictures"),
            own.replace(".jpg", ".svg"),
            own.replace("0a", "0A"),
            format!("{own}?x"),
            "/pictures/drawn/1/person/ada.svg".to_owned(),
            "/sign-out".to_owned(),
        ] {
            let html = rendered(&format!("![Text]({other}) <img src=\"{own}\">"));
            assert!(!html.contains("<img") && html.contains("Text"), "{html}");
        }
        let nested = rendered(&format!("![a ![b]({own}) c](https://else.where/x.png) d"));
        assert!(nested.contains(" d") && !nested.contains("else.where"), "{nested}");
    }

    #[test]
    fn a_guide_shows_the_pictures_that_the_program_contains() {
        let html = document("# A\n\n![A *page*](images/missing.png)\n\nText").html;
        assert_eq!(html.trim(), "<p>Text</p>");
        for GuidePicture { name, address, .. } in GuidePicture::all() {
            let html = document(&format!("# A\n\n![A *page*](images/{name})")).html;
            assert!(html.contains(&format!("<img src=\"{address}\" width=")), "{html}");
            assert!(html.contains("alt=\"A page\""), "{html}");
            assert!(!rendered(&format!("![A page](images/{name})")).contains("<img"), "{name}");
        }
    }

    #[test]
    fn nesting_is_bounded_and_keeps_the_text() {
        for mark in ["> ", "- ", "1. ", ">", "> - ", "*a **b ", "[", "![", "*a _b "] {
            for times in [10, 21, 99, 101, 5_000] {
                let html = rendered(&format!("{}the end", mark.repeat(times)));
                assert!(html.contains("the end"), "{mark} {times}: {html}");
                // A list has its items, and a paragraph is in them.
                assert!(depth(&html) <= 2 * DEEPEST + 2, "{mark} {times}: {html}");
            }
        }
        let emphasized = format!("{}end{}", "*a ".repeat(3_000), " b*".repeat(3_000));
        assert!(depth(&rendered(&emphasized)) <= DEEPEST + 1);
        let two = rendered("> a\n>\n> > b\n");
        assert_eq!(two.matches("<blockquote>").count(), 2, "{two}");
    }

    #[test]
    fn nested_lists_stay_lists() {
        let nested = |depth: usize| -> String {
            (0..depth).map(|level| format!("{}- {level}\n", " ".repeat(2 * level))).collect()
        };
        let html = rendered(&nested(60));
        assert_eq!(html.matches("<ul>").count(), html.matches("</ul>").count());
        assert_eq!(html.matches("<ul>").count(), DEEPEST, "{html}");
        assert!(html.contains("59"), "{html}");
        assert!(rendered("* * * * *").contains("<hr>") && rendered("- a\n- b").contains("<li>b"));
    }

    #[test]
    fn rows_have_only_typed_cells() {
        let columns = 500;
        let head = format!("{}\n{}\n", "|a".repeat(columns), "|-".repeat(columns));
        let html = rendered(&format!("{head}{}", "|b\n".repeat(100)));
        assert_eq!(html.matches("<td>").count(), 100, "{}", html.len());
        let html = rendered("|a|b|c|\n|-|-|-|\n|1||3|\n|1|2||\n");
        assert_eq!(html.matches("<td>").count(), 5, "{html}");
    }

    #[test]
    fn a_text_is_rendered_once() {
        let text = format!("> {}", "once ".repeat(20));
        assert_eq!(typed(&text), rendered(&text));
        let kept = RENDERED.get(&<[u8; 32]>::from(Sha256::digest(&text)));
        assert_eq!(kept.as_deref(), Some(&*rendered(&text)));
    }

    #[test]
    fn typed_markdown_shows_html_as_text_and_lowers_headings() {
        let html = typed(HOSTILE);
        assert!(html.contains("<h3>A</h3>") && html.contains("&lt;script&gt;"), "{html}");
        for banned in ["<script", "<b ", "<img", "else.where", "javascript:"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
        let html = text(HOSTILE);
        assert!(html.contains("<h2>A</h2>") && html.contains("&lt;script&gt;"), "{html}");
        for banned in ["<script", "<b ", "<img", "else.where", "javascript:"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
        assert!(text("## Two\n\n### Three").contains("<h2>Two</h2>\n<h3>Three</h3>"));
        assert!(text("[a](/conduct)").contains("href=\"/conduct\""));
        let link = typed("[site](https://site.example)");
        assert!(link.contains("rel=\"noreferrer nofollow ugc\""), "{link}");
    }
}
