use kernel::Timestamp;

use testkit::payloads::Account;

/// A person or a bot, with the truth about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Login and GitHub ID. IDs grow with the time of creation, as on GitHub.
    pub account: Account,
    /// When the account was created.
    pub created_at: Timestamp,
    /// Hours between UTC and the person's local time.
    pub utc_offset: i64,
    pub kind: PersonKind,
    /// How an honest person contributes; `None` for gamers.
    pub habit: Option<Habit>,
    /// How well a gamer hides; `None` for honest people.
    pub care: Option<Care>,
}

/// The label of a person. Numbers name the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonKind {
    /// Plays by the rules.
    Honest,
    /// Splits work into many trivial pull requests, or opens them in bursts.
    Farmer,
    /// Approves and merges the changes of the other members, and they theirs.
    RingMember(usize),
    /// Owns repositories that exist to be farmed.
    JunkOwner(usize),
    /// Contributes to the repositories of a junk cluster.
    JunkContributor(usize),
    /// Changes a word or whitespace in the README of many projects.
    TypoSpammer,
    /// Opens the same change in many repositories, or another person's open change again.
    Copycat,
    /// One of several new accounts of the same person.
    Alternate(usize),
}

impl PersonKind {
    /// Returns the name of the label without its group.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Farmer => "farmer",
            Self::RingMember(_) => "ring member",
            Self::JunkOwner(_) => "junk owner",
            Self::JunkContributor(_) => "junk contributor",
            Self::TypoSpammer => "typo spammer",
            Self::Copycat => "copycat",
            Self::Alternate(_) => "alternate",
        }
    }
}

/// How an honest person contributes. Most habits resemble a way of gaming. Numbers name the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Habit {
    /// Contributes now and then.
    Regular,
    /// Maintains the repositories of an organization.
    Maintainer,
    /// Works in a small team whose members review each other every day.
    Teammate(usize),
    /// Maintains a busy repository and merges within minutes.
    FastMaintainer,
    /// Writes documentation in many small changes.
    DocsWriter,
    /// Translates: the same file names and sizes again and again.
    Translator,
    /// Opens many pull requests on a sprint day.
    Sprinter(usize),
    /// Joined GitHub with a university course.
    Student(usize),
    /// Is an app that updates dependencies.
    Bot,
    /// Replaces the same deprecated call in many repositories.
    Migrator,
    /// Corrects one typo and is not seen again.
    FirstTimer,
    /// Merges their own changes in a project of one person.
    Solo,
}

/// How well a gamer hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Care {
    /// Works in bursts, with one-word titles and without a description.
    Sloppy,
    /// Spreads the work over days, writes plausible texts and adds lines that look like work.
    Careful,
}

/// The truth about a person who is not drawn yet.
#[derive(Clone, Copy)]
pub(super) struct Role {
    pub(super) kind: PersonKind,
    pub(super) habit: Option<Habit>,
    pub(super) care: Option<Care>,
}
