use platform::audit::Actor;

platform::codes! {
    /// The kind of actor that made a board final.
    Finalizer {
        /// A scheduled job.
        Job = "job";
        /// Someone at the server's shell.
        Operator = "operator";
        /// A person: an admin for a month, an organizer for a season. The audit log names them.
        Person = "person";
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
