use kernel::Timestamp;

platform::codes! {
    /// An offer that a person is open to.
    OpenTo {
        Mentoring = "mentoring", "Mentoring others";
        Pairing = "pairing", "Working on an issue together";
        Teams = "teams", "Joining a team";
        Talks = "talks", "Talks and workshops";
        Work = "work", "Offers of work";
    }
}

platform::codes! {
    /// A part of a profile that a person can hide.
    ProfilePart {
        About = "about", "About you, location and pronouns";
        Links = "links", "Links";
        Work = "work", "Pull requests and skills";
        Badges = "badges", "Badges";
        Results = "results", "Seasons and hackathon projects";
    }
}

/// A link of a person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProfileLink {
    /// The name of the link on pages.
    pub label: String,
    pub address: String,
}

/// The texts and choices of a person about themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The display name; empty if they chose none.
    pub name: String,
    pub bio: String,
    pub pronouns: String,
    pub location: String,
    pub links: Vec<ProfileLink>,
    pub open_to: Vec<OpenTo>,
    /// The one way to be reached: an email address or a URL; empty if there is none.
    pub contact: String,
    pub hidden: Vec<ProfilePart>,
}

impl Profile {
    /// Returns whether a part is hidden.
    #[must_use]
    pub fn hides(&self, part: ProfilePart) -> bool {
        self.hidden.contains(&part)
    }

    /// Returns what others see of it.
    #[must_use]
    pub fn as_seen(mut self) -> Self {
        if self.hides(ProfilePart::About) {
            self.bio.clear();
            self.pronouns.clear();
            self.location.clear();
        }
        if self.hides(ProfilePart::Links) {
            self.links.clear();
        }
        if self.open_to.is_empty() {
            self.contact.clear();
        }
        self
    }
}

/// The facts that GitHub states about a person, for their first sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedProfile {
    pub name: Option<String>,
    pub bio: Option<String>,
    pub blog: Option<String>,
}

/// A person whose avatar on GitHub is to become their picture.
#[derive(Clone, Debug, sea_orm::FromQueryResult)]
pub struct WantedAvatar {
    pub user_id: uuid::Uuid,
    pub avatar_url: String,
    pub asked_at: Timestamp,
}
