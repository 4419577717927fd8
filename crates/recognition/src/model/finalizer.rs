use platform::audit::Actor;

/// The kind of actor that made a board final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finalizer {
    /// A scheduled job.
    Job,
    /// Someone at the server's shell.
    Operator,
    /// A person: an admin for a month, an organizer for a season. The audit log names them.
    Person,
}

impl Finalizer {
    /// Returns the kind as stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Operator => "operator",
            Self::Person => "person",
        }
    }

    /// Returns the kind with the text of [`Finalizer::as_str`].
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        [Self::Job, Self::Operator, Self::Person].into_iter().find(|kind| kind.as_str() == text)
    }
}

impl From<Actor> for Finalizer {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Person(_) => Self::Person,
            Actor::Operator | Actor::Visitor => Self::Operator,
        }
    }
}
