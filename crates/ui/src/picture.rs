//! Pictures and people on pages.

use askama::Template;
use platform::config::CommunityPicture;

use crate::{
    format::segment,
    patterns::{self, Shape},
};

/// The kinds of things that have drawings, with the shape that stands for one unless its address names another.
pub(crate) const KINDS: [(&str, Shape); 8] = [
    ("community", Shape::Arms),
    ("hackathon", Shape::Street),
    ("person", Shape::Person),
    ("project", Shape::Field),
    ("school", Shape::Arms),
    ("season", Shape::Arms),
    ("submission", Shape::Field),
    ("team", Shape::Arms),
];

/// Returns the path of the drawing of a thing, in the shape of its kind.
#[must_use]
pub fn drawn(kind: &str, slug: &str) -> String {
    format!("/pictures/drawn/{}/{kind}/{}.svg", patterns::VERSION, segment(slug))
}

/// Returns the path of the drawing of a thing in a shape: `hackathon` as arms, for example.
#[must_use]
pub fn drawn_as(shape: Shape, kind: &str, slug: &str) -> String {
    let (version, slug) = (patterns::VERSION, segment(slug));
    format!("/pictures/drawn/{version}/{kind}/{slug}.{}.svg", shape.as_str())
}

/// Returns the path of the picture of the community.
#[must_use]
pub fn picture_of_community(picture: &CommunityPicture) -> String {
    match picture {
        CommunityPicture::Drawn(slug) => drawn_as(Shape::Street, "community", slug),
        CommunityPicture::Stored(path) => path.clone(),
    }
}

/// Returns the path of the drawing of a person, with the initials of their name.
#[must_use]
pub fn drawn_face(login: &str, name: &str) -> String {
    let initials = patterns::initials(&name.replace(['-', '_', '.'], " "));
    let (version, slug) = (patterns::VERSION, segment(&login.to_ascii_lowercase()));
    format!("/pictures/drawn/{version}/person/{slug}.{}.svg", segment(&initials))
}

/// A person in a list: the face, the name first and the login second, with a link to their page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "who.html")]
pub struct Who {
    /// The login; empty for a person who is gone, of whom nothing is shown.
    pub login: String,
    /// The name that the person chose.
    pub name: Option<String>,
    /// The path of their picture.
    pub picture: Option<String>,
    /// True if the person has a page.
    pub has_page: bool,
}

impl Who {
    /// Returns a person of whom only the login is known.
    #[must_use]
    pub fn of(login: impl Into<String>) -> Self {
        Self { login: login.into(), name: None, picture: None, has_page: true }
    }

    /// Returns true if the person is gone, so that nothing of them is shown.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.login.is_empty()
    }

    /// Returns the face alone, of a size as a class: empty, `s`, `m`, `l`, `xl` or `xxl`.
    #[must_use]
    pub fn portrait<'a>(&self, size: &'a str) -> PersonFace<'a> {
        PersonFace::of(self, size)
    }

    /// Returns the person in a sentence or in a line of people.
    #[must_use]
    pub fn mention(&self) -> Mention<'_> {
        Mention { who: self }
    }

    /// Returns the person without a link to their page.
    #[must_use]
    pub fn unlinked(mut self) -> Self {
        self.has_page = false;
        self
    }

    /// Returns the name, or the login of a person who chose none.
    #[must_use]
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.login)
    }

    /// Returns the path of the picture, or of the drawing of a person without one.
    #[must_use]
    pub fn face(&self) -> String {
        self.picture.clone().unwrap_or_else(|| drawn_face(&self.login, self.called()))
    }

    /// Returns the path of the person's page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/people/{}", segment(&self.login))
    }
}

/// A person in a sentence or in a line of people, without the face: the name first and the login second, with a link to
/// their page.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "mention.html")]
pub struct Mention<'a> {
    who: &'a Who,
}

/// The face alone, where the name is beside it.
#[derive(Clone, Debug, Template)]
#[template(path = "face.html")]
pub struct PersonFace<'a> {
    address: String,
    /// The size as a class: empty, `m`, `l`, `xl` or `xxl`.
    size: &'a str,
    /// True for an uploaded picture, which loads when it comes into view. Drawings are small and kept for long.
    is_lazy: bool,
}

impl<'a> PersonFace<'a> {
    /// Returns the face of a person.
    #[must_use]
    pub fn of(who: &Who, size: &'a str) -> Self {
        Self { address: who.face(), size, is_lazy: who.picture.is_some() }
    }
}

/// A picture of a thing.
#[derive(Clone, Debug, Template)]
#[template(path = "pic.html")]
pub struct Pic {
    address: String,
    /// The description; empty where the name is beside it.
    description: String,
    class: &'static str,
    width: u32,
    height: u32,
}

impl Pic {
    /// Returns the picture of a project or a submission, 16:9: the stored one, or its drawing.
    #[must_use]
    pub fn field(kind: &str, slug: &str, stored: Option<(String, String)>) -> Self {
        Self::of(stored, || drawn_as(Shape::Field, kind, slug), ("pic r16", 640, 360))
    }

    /// Returns the mark of a thing on a shield.
    #[must_use]
    pub fn arms(kind: &str, slug: &str, stored: Option<(String, String)>) -> Self {
        Self::of(stored, || drawn_as(Shape::Arms, kind, slug), ("arms", 64, 72))
    }

    /// Returns the small square mark of a project or a submission: the stored picture, or its drawing.
    #[must_use]
    pub fn mark(kind: &str, slug: &str, stored: Option<(String, String)>) -> Self {
        Self::of(stored, || drawn_as(Shape::Field, kind, slug), ("pmark", 640, 360))
    }

    /// Returns the banner of a thing, 3:1.
    #[must_use]
    pub fn banner(kind: &str, slug: &str, stored: Option<(String, String)>) -> Self {
        let class = match patterns::street_side(kind, slug) {
            _ if stored.is_some() => "pic r3",
            "at-left" => "pic r3 at-left",
            "at-right" => "pic r3 at-right",
            _ => "pic r3",
        };
        Self::of(stored, || drawn_as(Shape::Street, kind, slug), (class, 1200, 400))
    }

    /// Returns the small square mark of a repository, `owner/name`, in a list.
    #[must_use]
    pub fn small(full_name: &str) -> Self {
        let name = full_name.rsplit('/').next().unwrap_or(full_name);
        Self::of(None, || drawn_as(Shape::Field, "project", name), ("pmark s", 640, 360))
    }

    fn of(
        stored: Option<(String, String)>,
        drawn: impl FnOnce() -> String,
        (class, width, height): (&'static str, u32, u32),
    ) -> Self {
        let (address, description) = stored.unwrap_or_else(|| (drawn(), String::new()));
        Self { address, description, class, width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_called_by_name_and_found_by_login() {
        let mut who = Who::of("ada-brill");
        assert_eq!(who.called(), "ada-brill");
        assert_eq!(who.face(), "/pictures/drawn/1/person/ada-brill.AB.svg");
        who.name = Some("Zoe <Ng>".to_owned());
        assert_eq!(who.face(), "/pictures/drawn/1/person/ada-brill.Z%3C.svg");
        let html = who.to_string();
        assert!(
            html.contains("href=\"/people/ada-brill\"") && html.contains("Zoe &#60;Ng&#62;"),
            "{html}"
        );
        who.picture = Some("/pictures/x.jpg".to_owned());
        assert_eq!(who.face(), "/pictures/x.jpg");
        who.has_page = false;
        assert!(!who.to_string().contains("href"));
    }

    #[test]
    fn a_mention_has_the_name_first() {
        let mut who = Who::of("ada-brill");
        let bare = who.mention().to_string();
        assert_eq!(bare.trim(), "<a href=\"/people/ada-brill\"><bdi>ada-brill</bdi></a>");
        who.name = Some("Ada <Brill>".to_owned());
        let named = who.clone().unlinked().mention().to_string();
        let expected =
            "<bdi>Ada &#60;Brill&#62;</bdi> <span class=\"meta\"><bdi>ada-brill</bdi></span>";
        assert_eq!(named.trim(), expected);
        assert_eq!(Who::default().mention().to_string().trim(), "(removed)");
        let small = who.portrait("s").to_string();
        assert!(small.contains("class=\"face s\""), "{small}");
    }

    #[test]
    fn things_without_a_picture_are_drawn() {
        assert_eq!(drawn("project", "ropewalk"), "/pictures/drawn/1/project/ropewalk.svg");
        let arms = Pic::arms("season", "autumn", None).to_string();
        assert!(arms.contains("/pictures/drawn/1/season/autumn.arms.svg"), "{arms}");
        let small = Pic::small("quay/ropewalk").to_string();
        assert!(small.contains("/project/ropewalk.field.svg"), "{small}");
        let stored = Some(("/pictures/x.png".to_owned(), "A \"boat\"".to_owned()));
        let field = Pic::field("project", "ropewalk", stored).to_string();
        assert!(field.contains("/pictures/x.png") && field.contains("A &#34;boat&#34;"), "{field}");
    }
}
