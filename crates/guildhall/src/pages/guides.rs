//! Guides: Markdown of the repository's `docs/guides`, embedded in the program.

use std::sync::LazyLock;
use ui::{Address, PageResult, show};

use askama::Template;
use kernel::Problem;
use pulldown_cmark::{Options, Parser, html};

/// A guide.
struct Guide {
    /// The name in URLs.
    name: &'static str,
    title: &'static str,
    /// A summary of its contents.
    summary: &'static str,
    /// Sanitized HTML.
    html: String,
}

/// Returns a guide of the repository.
#[rustfmt::skip]
macro_rules! guide {
    ($name:literal, $title:literal, $summary:literal) => {
        Guide { name: $name, title: $title, summary: $summary,
            html: rendered(include_str!(concat!("../../../../docs/guides/", $name, ".md"))) }
    };
}

#[rustfmt::skip]
static GUIDES: LazyLock<[Guide; 4]> = LazyLock::new(|| [
    guide!("contributing", "For contributors", "Your points and rank, what earns points, and what to do when something seems wrong."),
    guide!("maintaining", "For maintainers", "How to add a repository, what merges, reviews and labels do, and how rules work."),
    guide!("moderating", "For moderators", "How pull requests are flagged, and how to decide on a flag."),
    guide!("organizers", "For organizers", "How to hold a season, from the draft to the final results."),
]);

/// Renders Markdown as HTML without scripts or external requests.
fn rendered(markdown: &str) -> String {
    let mut written = String::new();
    html::push_html(
        &mut written,
        Parser::new_ext(markdown, Options::ENABLE_TABLES),
    );
    let clean = ammonia::Builder::default()
        .link_rel(Some("noreferrer"))
        .rm_tags(&["img"])
        .add_generic_attributes(["id"])
        .clean(&written)
        .to_string();
    // A table wider than the column scrolls on its own, as a landmark with a name of its own.
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

#[derive(Template)]
#[template(path = "guides.html")]
struct GuidesPage {
    guides: &'static [Guide],
}

/// `GET /guides`.
pub(super) async fn guides() -> PageResult {
    show(&GuidesPage { guides: &*GUIDES })
}

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage {
    guide: &'static Guide,
}

/// `GET /guides/{name}`.
pub(super) async fn guide(Address(name): Address<String>) -> PageResult {
    let unknown = || {
        Problem::not_found(format!(
            "Unknown guide '{name}'. See /guides for all guides."
        ))
    };
    let guide = GUIDES.iter().find(|guide| guide.name == name);
    show(&GuidePage {
        guide: guide.ok_or_else(unknown)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendered_markdown_contains_no_scripts() {
        let html = rendered(
            "# A\n\n<script>x</script>\n\n<b onclick=x>b</b>\n\nAn ![x](https://else.where/x.png)\n\n|a|\n|-|\n|b|",
        );
        assert!(
            html.contains("<h1>A</h1>") && html.contains("<td>b</td>"),
            "{html}"
        );
        for banned in ["<script", "onclick", "<img", "else.where"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
    }

    #[test]
    fn every_guide_begins_with_its_title() {
        for guide in GUIDES.iter() {
            assert!(guide.html.starts_with(&format!("<h1>{}</h1>", guide.title)));
        }
    }
}
