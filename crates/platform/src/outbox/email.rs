//! An email as data, from which its text and its HTML are written, so that both say the same.

use askama::Template;

/// The most bytes of formatted text of a person. A longer one is shown as it was typed, so that mailboxes cut no email off.
const LONGEST_FORMATTED: usize = 48 * 1024;

/// The frame around every email.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The URL of this server, without a trailing slash.
    pub site: &'a str,
    /// The name of the community that runs this server.
    pub community: &'a str,
    /// The one-click unsubscribe URL for this kind of email.
    pub unsubscribe: Option<&'a str>,
}

impl Frame<'_> {
    /// Returns the URL of a path on this server; a URL stays as it is.
    #[must_use]
    pub fn address(&self, address: &str) -> String {
        if address.starts_with('/') {
            format!("{}{address}", self.site)
        } else {
            address.to_owned()
        }
    }
}

/// The parts of an email. Addresses are URLs, or paths on this server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    /// One line; also the title of the notification.
    pub subject: String,
    pub heading: String,
    /// The one thing to do.
    pub button: Option<Link>,
    preview: String,
    parts: Vec<Part>,
    /// A code to type, after the words that say where.
    code: Option<(String, String)>,
    after: Vec<String>,
    more: Vec<Link>,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub address: String,
}

/// A thing in a list of an email, with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub title: String,
    pub address: String,
    /// A line about it; may be empty.
    pub details: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Paragraph(String),
    /// A paragraph about something that is wrong.
    Warning(String),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// Words of a person.
    Quote(String),
    Items(Vec<Item>),
    /// Words of a person with marks such as those of Markdown, and the same as HTML.
    Formatted {
        text: String,
        html: String,
    },
}

#[derive(Template)]
#[template(path = "mail.html")]
struct EmailPage<'a> {
    email: &'a Email,
    frame: Frame<'a>,
}

impl Email {
    /// Creates an email whose heading is its subject.
    #[must_use]
    pub fn new(subject: impl Into<String>) -> Self {
        let subject = subject.into();
        Self { heading: subject.clone(), subject, ..Self::default() }
    }

    /// Sets a heading that differs from the subject.
    #[must_use]
    pub fn heading(mut self, heading: impl Into<String>) -> Self {
        self.heading = heading.into();
        self
    }

    /// Sets the line that mailboxes show after the subject. Without it, they show the first paragraph.
    #[must_use]
    pub fn preview(mut self, line: impl Into<String>) -> Self {
        self.preview = line.into();
        self
    }

    /// Adds a paragraph, unless it is empty.
    #[must_use]
    pub fn says(self, paragraph: impl Into<String>) -> Self {
        let paragraph = paragraph.into();
        if paragraph.is_empty() { self } else { self.with(Part::Paragraph(paragraph)) }
    }

    /// Adds a paragraph about something that is wrong.
    #[must_use]
    pub fn warns(self, paragraph: impl Into<String>) -> Self {
        self.with(Part::Warning(paragraph.into()))
    }

    /// Adds a row to the table of facts.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let row = (name.into(), value.into());
        if let Some(Part::Facts(rows)) = self.parts.last_mut() {
            rows.push(row);
            return self;
        }
        self.with(Part::Facts(vec![row]))
    }

    /// Adds words of a person.
    #[must_use]
    pub fn quotes(self, words: impl Into<String>) -> Self {
        self.with(Part::Quote(words.into()))
    }

    /// Adds a list of things.
    #[must_use]
    pub fn lists(self, items: Vec<Item>) -> Self {
        self.with(Part::Items(items))
    }

    /// Adds formatted words of a person: as they were typed, and as HTML without scripts.
    #[must_use]
    pub fn formatted(self, text: impl Into<String>, html: impl Into<String>) -> Self {
        self.with(Part::Formatted { text: text.into(), html: html.into() })
    }

    /// Sets the button.
    #[must_use]
    pub fn button(mut self, label: impl Into<String>, address: impl Into<String>) -> Self {
        self.button = Some(Link { label: label.into(), address: address.into() });
        self
    }

    /// Sets a code to type instead of pressing the button, after the words that say where.
    #[must_use]
    pub fn code(mut self, words: impl Into<String>, code: impl Into<String>) -> Self {
        self.code = Some((words.into(), code.into()));
        self
    }

    /// Adds a paragraph after the button.
    #[must_use]
    pub fn then(mut self, paragraph: impl Into<String>) -> Self {
        self.after.push(paragraph.into());
        self
    }

    /// Adds a link below the button.
    #[must_use]
    pub fn more(mut self, label: impl Into<String>, address: impl Into<String>) -> Self {
        self.more.push(Link { label: label.into(), address: address.into() });
        self
    }

    /// Sets the reason why the recipient gets it, to follow "You receive this because".
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    fn shown_preview(&self) -> &str {
        let first = self.parts.iter().find_map(|part| match part {
            Part::Paragraph(text) | Part::Warning(text) => Some(text.as_str()),
            _ => None,
        });
        if self.preview.is_empty() { first.unwrap_or_default() } else { &self.preview }
    }

    /// Returns the sentence that says why the recipient gets it, if it has a reason.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        let reason = &self.reason;
        (!reason.is_empty()).then(|| format!("You receive this because {reason}."))
    }

    /// Writes the text.
    pub(super) fn text(&self, frame: Frame<'_>) -> String {
        let link = |link: &Link| format!("{}:\n  {}", link.label, frame.address(&link.address));
        let mut blocks = vec![self.heading.to_uppercase()];
        blocks.extend(self.parts.iter().map(|part| part.text(frame)));
        blocks.extend(self.button.as_ref().map(link));
        blocks.extend(self.code.as_ref().map(|(words, code)| format!("{words}: {code}")));
        blocks.extend(self.after.iter().cloned());
        blocks.extend(self.more.iter().map(link));
        let mut footer: Vec<String> = self.why().into_iter().collect();
        if let Some(address) = frame.unsubscribe {
            footer.push(format!("Unsubscribe from these emails:\n  {address}"));
            let settings = frame.address("/settings/notifications");
            footer.push(format!("Notification settings:\n  {settings}"));
        }
        footer.push(format!("{}, {}", frame.community, frame.site));
        format!("{}\n\n-- \n{}\n", blocks.join("\n\n"), footer.join("\n"))
    }

    /// Writes the HTML.
    pub(super) fn html(&self, frame: Frame<'_>) -> Result<String, askama::Error> {
        EmailPage { email: self, frame }.render()
    }
}

impl Item {
    #[must_use]
    pub fn new(title: impl Into<String>, address: impl Into<String>) -> Self {
        Self { title: title.into(), address: address.into(), details: String::new() }
    }

    /// Adds a line about it.
    #[must_use]
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
        self
    }
}

impl Part {
    fn text(&self, frame: Frame<'_>) -> String {
        match self {
            Self::Paragraph(text) => text.clone(),
            Self::Warning(text) => format!("! {text}"),
            Self::Facts(rows) => {
                let width = rows.iter().map(|(name, _)| name.chars().count()).max();
                let width = width.unwrap_or_default();
                lines(rows.iter().map(|(name, value)| format!("{name:width$}  {value}")))
            }
            Self::Quote(words) => lines(words.lines().map(|line| format!("> {line}"))),
            Self::Items(items) => lines(items.iter().map(|item| {
                let Item { title, address, details } = item;
                let address = frame.address(address);
                match details.as_str() {
                    "" => format!("- {title}\n  {address}"),
                    details => format!("- {title}\n  {details}\n  {address}"),
                }
            })),
            Self::Formatted { text, .. } => text.trim().to_owned(),
        }
    }
}

impl EmailPage<'_> {
    /// Returns formatted text with whole addresses; `None` if it is too long.
    fn whole(&self, html: &str) -> Option<String> {
        let site = self.frame.site;
        let absolute = |html: String, name: &str| {
            html.replace(&format!(" {name}=\"/"), &format!(" {name}=\"{site}/"))
        };
        let html = ["href", "src"].into_iter().fold(html.to_owned(), absolute);
        (html.len() <= LONGEST_FORMATTED).then_some(html)
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNSUBSCRIBE: &str = "https://guild.example/unsubscribe/0123";

    fn frame() -> Frame<'static> {
        Frame {
            site: "https://guild.example",
            community: "Fenwick & Co",
            unsubscribe: Some(UNSUBSCRIBE),
        }
    }

    fn email() -> Email {
        Email::new("You are in")
            .says("Your application was <accepted>.")
            .says("")
            .warns("One check fails.")
            .fact("When", "Friday")
            .fact("Confirm", "by Wednesday")
            .quotes("One.\nTwo.")
            .lists(vec![Item::new("A", "/a").details("small"), Item::new("B", "/b")])
            .button("Confirm", "/confirm?a=1&b=2")
            .then("Afterward, find a team.")
            .more("See the rules", "https://else.example/rules")
            .because("you applied")
    }

    #[test]
    fn paths_are_on_this_server() {
        assert_eq!(frame().address("/inbox"), "https://guild.example/inbox");
        assert_eq!(frame().address("https://else.example/"), "https://else.example/");
    }

    #[test]
    fn the_text_has_every_part() {
        let expected = "\
            YOU ARE IN\n\
            \n\
            Your application was <accepted>.\n\
            \n\
            ! One check fails.\n\
            \n\
            When     Friday\n\
            Confirm  by Wednesday\n\
            \n\
            > One.\n\
            > Two.\n\
            \n\
            - A\n  small\n  https://guild.example/a\n\
            - B\n  https://guild.example/b\n\
            \n\
            Confirm:\n  https://guild.example/confirm?a=1&b=2\n\
            \n\
            Afterward, find a team.\n\
            \n\
            See the rules:\n  https://else.example/rules\n\
            \n\
            -- \n\
            You receive this because you applied.\n\
            Unsubscribe from these emails:\n  https://guild.example/unsubscribe/0123\n\
            Notification settings:\n  https://guild.example/settings/notifications\n\
            Fenwick & Co, https://guild.example\n";
        assert_eq!(email().text(frame()), expected);
    }

    #[test]
    fn the_html_has_every_part_escaped() {
        let html = email().html(frame()).expect("rendered");
        for part in [
            "<title>You are in</title>",
            ">You are in</h1>",
            "Your application was &#60;accepted&#62;.",
            "One check fails.",
            ">by Wednesday</td>",
            "One.\nTwo.",
            "href=\"https://guild.example/a\"",
            ">small<",
            "href=\"https://guild.example/confirm?a=1&#38;b=2\"",
            "Afterward, find a team.",
            "href=\"https://else.example/rules\"",
            "You receive this because you applied.",
            UNSUBSCRIBE,
            ">Fenwick &#38; Co</td>",
            "src=\"https://guild.example/assets/mark.png\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_eq!(html.matches("class=\"btn\"").count(), 1, "{html}");
        let bare = Email::new("Hello").html(Frame { unsubscribe: None, ..frame() });
        let bare = bare.expect("rendered");
        assert!(!bare.contains("class=\"btn\"") && !bare.contains("nsubscribe"), "{bare}");
        assert!(!bare.contains("You receive this"), "{bare}");
    }

    #[test]
    fn the_preview_is_the_first_paragraph_unless_it_is_set() {
        assert_eq!(email().shown_preview(), "Your application was <accepted>.");
        assert_eq!(email().preview("By Wednesday").shown_preview(), "By Wednesday");
        assert_eq!(Email::new("Hello").quotes("Hello").shown_preview(), "");
    }

    #[test]
    fn formatted_text_has_whole_addresses_and_is_never_too_long() {
        let typed = |html: String| Email::new("Hello").formatted("**Hello** &", html);
        let html = "<p><a href=\"/a\">x</a><img src=\"/b\"></p>".to_owned();
        let email = typed(html);
        let html = email.html(frame()).expect("rendered");
        for part in
            ["<a href=\"https://guild.example/a\">", "<img src=\"https://guild.example/b\">"]
        {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(email.text(frame()).contains("\n\n**Hello** &\n\n"));
        let html = typed("<i>a</i>".repeat(10_000)).html(frame()).expect("rendered");
        assert!(!html.contains("<i>") && html.contains("**Hello** &#38;"), "{html}");
        let longest = Email::new("Hello").formatted("&".repeat(10_000), "&amp;".repeat(10_000));
        assert!(longest.html(frame()).expect("rendered").len() <= 60 * 1024);
    }
}
