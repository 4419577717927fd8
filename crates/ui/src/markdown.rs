//! Markdown (CommonMark with tables) as HTML without scripts, images or requests to other sites.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Renders a document of the program, such as a guide, whose headings begin at the first level.
#[must_use]
pub fn document(markdown: &str) -> String {
    let mut written = String::new();
    html::push_html(&mut written, parsed(markdown));
    dressed(&cleaned(&written, "noreferrer"))
}

/// Renders a text that a person typed, as part of a page: HTML in it is shown as it was typed, headings are below those of the
/// page, and links tell search engines that the page does not vouch for them.
#[must_use]
pub fn typed(markdown: &str) -> String {
    let mut written = String::new();
    html::push_html(&mut written, parsed(markdown).map(as_part_of_a_page));
    dressed(&cleaned(&written, "noreferrer nofollow ugc"))
}

fn parsed(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES)
}

fn as_part_of_a_page(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lowered(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
        // Only the description of an image is shown.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {
            Event::Text(CowStr::from(""))
        }
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

fn cleaned(html: &str, rel: &str) -> String {
    ammonia::Builder::default()
        .link_rel(Some(rel))
        .rm_tags(&["img"])
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
        let html = document(HOSTILE);
        assert!(html.contains("<h1>A</h1>") && html.contains("<td>b</td>"), "{html}");
        for banned in ["<script", "onclick", "<img", "else.where", "javascript"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
    }

    #[test]
    fn typed_markdown_shows_html_as_text_and_lowers_headings() {
        let html = typed(HOSTILE);
        assert!(html.contains("<h3>A</h3>") && html.contains("&lt;script&gt;"), "{html}");
        for banned in ["<script", "<b ", "<img", "else.where", "javascript:"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
        let link = typed("[site](https://site.example)");
        assert!(link.contains("rel=\"noreferrer nofollow ugc\""), "{link}");
    }
}
