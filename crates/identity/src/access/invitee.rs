use platform::web::{SIGN_IN_REQUIRED, WebError};

/// The sender of a request with an invitation, of which `P` admits people who are signed in.
#[derive(Clone, Debug)]
pub enum Invitee<P> {
    Person(P),
    /// A visitor whose link was emailed to this address, so that they are its owner.
    Owner(String),
}

impl<P> Invitee<P> {
    /// Returns the invitee of a request with a link that proves an address, or proves none.
    ///
    /// # Errors
    /// When the person is refused, or no one is signed in and the link proves no address.
    pub fn of(person: Result<P, WebError>, proves: Option<&str>) -> Result<Self, WebError> {
        match (person, proves) {
            (Ok(person), _) => Ok(Self::Person(person)),
            (Err(WebError::Refused(problem)), Some(address))
                if problem.code == SIGN_IN_REQUIRED =>
            {
                Ok(Self::Owner(address.to_owned()))
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Returns the address that a visitor proves, and signs in to by accepting.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Person(_) => None,
            Self::Owner(address) => Some(address),
        }
    }
}
