//! The headings of a document of the program: its title, and the addresses of its sections.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

/// A heading of the second level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The end of its address, after `#`.
    pub id: String,
    pub title: String,
}

/// The events of a document without its title, whose other headings have IDs.
#[derive(Default)]
pub(super) struct Contents<'a> {
    pub(super) events: Vec<Event<'a>>,
    pub(super) title: String,
    pub(super) sections: Vec<Section>,
    /// The IDs of all headings so far.
    ids: Vec<String>,
}

/// Takes the title out of a document and gives the other headings their IDs.
pub(super) fn of<'a>(events: impl Iterator<Item = Event<'a>>) -> Contents<'a> {
    let mut contents = Contents::default();
    let mut start = 0;
    for event in events {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                start = contents.events.len();
                contents.events.push(event);
            }
            Event::End(TagEnd::Heading(level)) => contents.end(start, level),
            event => contents.events.push(event),
        }
    }
    contents
}

impl Contents<'_> {
    /// Ends the heading that began at an index.
    fn end(&mut self, start: usize, level: HeadingLevel) {
        let text = self.events[start..].iter().filter_map(text).collect::<String>();
        if level == HeadingLevel::H1 {
            self.events.truncate(start);
            self.title = text;
            return;
        }
        let anchor = self.events[start..].iter().find_map(anchor).map(str::to_owned);
        let id = anchor.clone().unwrap_or_else(|| self.free(&slug(&text)));
        if let (None, Some(Event::Start(Tag::Heading { id: place, .. }))) =
            (anchor, self.events.get_mut(start))
        {
            *place = Some(id.clone().into());
        }
        self.ids.push(id.clone());
        if level == HeadingLevel::H2 {
            self.sections.push(Section { id, title: text });
        }
        self.events.push(Event::End(TagEnd::Heading(level)));
    }

    /// Returns the slug, or the first of `slug-1`, `slug-2` and so on that no heading has.
    fn free(&self, slug: &str) -> String {
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let mut ids = std::iter::once(slug.to_owned()).chain(numbered);
        ids.find(|id| !self.ids.contains(id)).unwrap_or_default()
    }
}

fn text<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

/// Returns the ID of an element `<a id="…">` in a heading.
fn anchor<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::InlineHtml(tag) => tag.strip_prefix("<a id=\"")?.strip_suffix("\">"),
        _ => None,
    }
}

/// Returns the ID that GitHub gives to a heading, so that links work there too.
fn slug(title: &str) -> String {
    let character = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => c.is_alphanumeric().then_some(c),
    };
    title.to_lowercase().chars().filter_map(character).collect()
}

#[cfg(test)]
mod tests {
    use crate::markdown::document;

    #[test]
    fn headings_have_addresses_and_the_title_is_apart() {
        let text = "# The `guide`\n\nFirst.\n\n## What's new?\n\n### Part\n\n## <a id=\"own\"></a>Two _words_\n\n## Part\n";
        let document = document(text);
        assert_eq!(document.title, "The guide");
        let sections: Vec<_> =
            document.sections.iter().map(|one| (one.id.as_str(), one.title.as_str())).collect();
        assert_eq!(
            sections,
            [("whats-new", "What's new?"), ("own", "Two words"), ("part-1", "Part")]
        );
        for part in [
            "<h2 id=\"whats-new\">What's new?</h2>",
            "<h3 id=\"part\">Part</h3>",
            "<a id=\"own\"",
            "<h2 id=\"part-1\">Part</h2>",
        ] {
            assert!(document.html.contains(part), "{part}: {}", document.html);
        }
        assert!(!document.html.contains("<h1"), "{}", document.html);
    }
}
