use kernel::{InvalidPart, Problem, ProblemKind};
use ui::Who;

use super::email_address;
use crate::model::{OpenTo, Profile, ProfileLink, ProfilePart, StatedProfile};

/// The maximum number of links.
pub const MOST_LINKS: usize = 5;
/// The most characters of each text.
const NAME: usize = 60;
pub const LONGEST_BIO: usize = 160;
const WORDS: usize = 60;
const ADDRESS: usize = 200;

/// A profile as typed.
#[derive(Clone, Debug, Default)]
pub struct ProfileInput {
    pub name: String,
    pub bio: String,
    pub pronouns: String,
    pub location: String,
    pub links: Vec<ProfileLink>,
    pub open_to: Vec<String>,
    pub contact: String,
    pub hidden: Vec<String>,
}

/// Checks a profile as typed.
///
/// # Errors
/// When texts are too long, a link or the way to be reached is not usable, or a code is unknown. All of them are named.
pub fn profile(input: &ProfileInput) -> Result<Profile, Problem> {
    let mut wrong = Vec::new();
    let mut text = |field: &'static str, typed: &str, longest: usize| {
        let line = one_line(typed);
        let length = line.chars().count();
        if length > longest {
            let detail = format!("This has {length} characters. Use at most {longest}.");
            wrong.push((field, detail));
        }
        line
    };
    let mut made = Profile {
        name: text("name", &input.name, NAME),
        bio: text("bio", &input.bio, LONGEST_BIO),
        pronouns: text("pronouns", &input.pronouns, WORDS),
        location: text("location", &input.location, WORDS),
        contact: text("contact", &input.contact, ADDRESS),
        ..Profile::default()
    };
    if !made.contact.is_empty() && !is_contact(&made.contact) {
        let detail = "Enter an email address, or a URL that begins with https://.";
        wrong.push(("contact", detail.to_owned()));
    }
    match links(&input.links) {
        Ok(links) => made.links = links,
        Err(detail) => wrong.push(("links", detail)),
    }
    made.open_to = codes(&input.open_to, OpenTo::named);
    made.hidden = codes(&input.hidden, ProfilePart::named);
    if made.open_to.len() < input.open_to.len() || made.hidden.len() < input.hidden.len() {
        wrong.push(("open_to", "Choose from what the form offers.".to_owned()));
    }
    refusal(wrong).map_or(Ok(made), Err)
}

fn refusal(wrong: Vec<(&'static str, String)>) -> Option<Problem> {
    let (field, detail) = wrong.first().cloned()?;
    let parts = wrong
        .into_iter()
        .map(|(field, detail)| InvalidPart { pointer: format!("/{field}"), detail })
        .collect();
    let problem = Problem::new(ProblemKind::Invalid, "BAD_PROFILE", detail).at(field);
    Some(problem.with_errors(parts))
}

fn codes<T>(given: &[String], named: impl Fn(&str) -> Option<T>) -> Vec<T> {
    given.iter().filter_map(|code| named(code)).collect()
}

fn links(given: &[ProfileLink]) -> Result<Vec<ProfileLink>, String> {
    let mut links = Vec::new();
    for (link, number) in given.iter().zip(1..) {
        let address = link.address.trim();
        if address.is_empty() {
            continue;
        }
        if !is_web_address(address) {
            return Err(format!(
                "Link {number}: {} is no URL that begins with https://.",
                shortened(address)
            ));
        }
        let label = one_line(&link.label);
        let label = if label.is_empty() { shown(address) } else { label };
        if label.chars().count() > WORDS {
            return Err(format!("Link {number}: its name can have at most {WORDS} characters."));
        }
        links.push(ProfileLink { label, address: address.to_owned() });
    }
    if links.len() > MOST_LINKS {
        return Err(format!("Use at most {MOST_LINKS} links."));
    }
    Ok(links)
}

fn shortened(text: &str) -> String {
    text.chars().take(WORDS).collect()
}

/// Returns a URL as it is shown: without its scheme and a slash at its end.
fn shown(address: &str) -> String {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    shortened(rest.unwrap_or(address).trim_end_matches('/'))
}

fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_of_host = |c: char| c.is_alphanumeric() || "-.:[]".contains(c);
    let is_clean = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"\\".contains(c);
    let has_host = host.contains('.') && host.chars().all(is_of_host);
    text.len() <= ADDRESS && has_host && rest.chars().all(is_clean)
}

fn is_contact(text: &str) -> bool {
    is_web_address(text) || email_address(text).is_ok()
}

fn one_line(text: &str) -> String {
    let is_kept = |c: &char| !is_turning(*c) && (!c.is_control() || c.is_whitespace());
    let kept: String = text.chars().filter(is_kept).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a character reverses or hides the text around it.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// Makes a first profile of what GitHub states; what does not fit is left out.
#[must_use]
pub fn stated_profile(stated: &StatedProfile) -> Profile {
    let text = |text: &Option<String>, longest: usize| -> String {
        one_line(text.as_deref().unwrap_or_default()).chars().take(longest).collect()
    };
    let blog = text(&stated.blog, ADDRESS);
    let blog =
        if blog.is_empty() || blog.contains("://") { blog } else { format!("https://{blog}") };
    let link = ProfileLink { label: String::new(), address: blog };
    Profile {
        name: text(&stated.name, NAME),
        bio: text(&stated.bio, LONGEST_BIO),
        links: links(&[link]).unwrap_or_default(),
        ..Profile::default()
    }
}

/// Returns the name that others see: of a minor, only the first word.
#[must_use]
pub fn shown_name(name: &str, is_minor: bool) -> Option<String> {
    let name = if is_minor { name.split_whitespace().next().unwrap_or_default() } else { name };
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns a person as lists show them: minors by their first name, without a picture and a page.
#[must_use]
pub fn shown_person(
    login: &str,
    name: Option<&str>,
    picture: Option<String>,
    is_minor: bool,
) -> Who {
    Who {
        has_page: super::has_profile(login) && !is_minor,
        name: name.and_then(|name| shown_name(name, is_minor)),
        login: login.to_owned(),
        picture: picture.filter(|_| !is_minor),
    }
}

/// The refusal of a picture or a public text of a minor.
#[must_use]
pub fn not_for_minors() -> Problem {
    let detail =
        "People under 18 have a drawn portrait and no public page, so that no one finds them here.";
    Problem::new(ProblemKind::Forbidden, "NOT_FOR_MINORS", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(address: &str) -> ProfileLink {
        ProfileLink { label: String::new(), address: address.to_owned() }
    }

    #[test]
    fn a_profile_is_trimmed_to_lines() {
        let input = ProfileInput {
            name: "  Ines \n Halloran\u{202e} ".to_owned(),
            links: vec![link("https://halloran.example/"), link("  ")],
            open_to: vec!["teams".to_owned()],
            contact: "ines@halloran.example".to_owned(),
            ..ProfileInput::default()
        };
        let made = profile(&input).expect("valid");
        assert_eq!(made.name, "Ines Halloran");
        assert_eq!(made.links.len(), 1);
        assert_eq!(made.links[0].label, "halloran.example");
        assert_eq!(made.open_to, [OpenTo::Teams]);
    }

    #[test]
    fn all_errors_are_named_at_once() {
        let input = ProfileInput {
            name: "n".repeat(61),
            bio: "b".repeat(161),
            contact: "by pigeon".to_owned(),
            links: vec![link("javascript:alert(1)")],
            hidden: vec!["everything".to_owned()],
            ..ProfileInput::default()
        };
        let problem = profile(&input).expect_err("refused");
        assert_eq!((problem.code, problem.field), ("BAD_PROFILE", Some("name")));
        assert_eq!(problem.errors.len(), 5);
    }

    #[test]
    fn links_are_those_of_the_web() {
        for wrong in [
            "http://plain.example",
            "https://wren:secret@site.example",
            "data:text/html,x",
            "//site.example",
            "site.example",
        ] {
            assert!(links(&[link(wrong)]).is_err(), "{wrong}");
        }
        assert!(links(&vec![link("https://a.example"); 6]).is_err());
        assert!(links(&[link(&format!("https://a.example/{}", "a".repeat(200)))]).is_err());
    }

    #[test]
    fn what_github_states_is_cut_to_fit() {
        let stated = StatedProfile {
            name: Some("Wren Oak".to_owned()),
            bio: Some("b".repeat(300)),
            blog: Some("wren.example".to_owned()),
        };
        let made = stated_profile(&stated);
        assert_eq!((made.name.as_str(), made.bio.len()), ("Wren Oak", 160));
        assert_eq!(made.links[0].address, "https://wren.example");
        let odd = StatedProfile { blog: Some("ftp://wren.example".to_owned()), ..stated };
        assert!(stated_profile(&odd).links.is_empty());
    }

    #[test]
    fn minors_are_shown_by_their_first_name() {
        assert_eq!(shown_name("Thea Lund", true).as_deref(), Some("Thea"));
        assert_eq!(shown_name("Thea Lund", false).as_deref(), Some("Thea Lund"));
        assert_eq!(shown_name("", true), None);
    }

    #[test]
    fn a_minor_has_no_picture_and_no_page() {
        let shown = |is_minor| {
            shown_person(
                "thea-lund",
                Some("Thea Lund"),
                Some("/pictures/x.webp".to_owned()),
                is_minor,
            )
        };
        let minor = shown(true);
        assert_eq!((minor.called(), minor.picture.as_deref()), ("Thea", None));
        assert!(!minor.has_page && minor.face().starts_with("/pictures/drawn/"));
        let adult = shown(false);
        assert_eq!((adult.called(), adult.face().as_str()), ("Thea Lund", "/pictures/x.webp"));
        assert!(adult.has_page);
        assert!(!shown_person("closed-0123456789ab", None, None, false).has_page);
    }

    #[test]
    fn hidden_parts_are_not_seen() {
        let whole = Profile {
            bio: "b".to_owned(),
            links: vec![link("https://a.example")],
            contact: "https://a.example".to_owned(),
            ..Profile::default()
        };
        let seen = whole.clone().as_seen();
        assert_eq!((seen.bio.as_str(), seen.contact.as_str()), ("b", ""));
        let hidden = vec![ProfilePart::About, ProfilePart::Links];
        let seen = Profile { hidden, open_to: vec![OpenTo::Work], ..whole }.as_seen();
        assert!(seen.bio.is_empty() && seen.links.is_empty() && !seen.contact.is_empty());
    }
}
