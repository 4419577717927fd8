use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{Flag, FlagViewer, Flags, handle::FlagRows};
use crate::web::{self, WebError};

/// The flags that are on for the sender of a request, consistent for its whole duration. The authentication layer
/// adds it to the request.
#[derive(Clone, Debug)]
pub struct FlagView {
    flags: Flags,
    seen: Arc<FlagRows>,
    /// The person; `None` for a visitor.
    who: Option<FlagViewer>,
}

impl FlagView {
    /// Captures the flags that are on for `who` now; for a visitor who is not signed in, those that are on for everyone.
    #[must_use]
    pub fn of(flags: &Flags, who: Option<FlagViewer>) -> Self {
        Self { seen: flags.seen(), flags: flags.clone(), who }
    }

    /// Returns true if a flag is on for the viewer.
    #[must_use]
    pub fn shows(&self, flag: &Flag) -> bool {
        self.shown_by(&self.seen, flag)
    }

    /// Returns true if a flag is on for the viewer right now, for responses that outlast the start of the
    /// request.
    #[must_use]
    pub fn still_shows(&self, flag: &Flag) -> bool {
        self.shown_by(&self.flags.seen(), flag)
    }

    fn shown_by(&self, seen: &FlagRows, flag: &Flag) -> bool {
        self.flags.permitted(seen, flag).is_some_and(|setting| match self.who {
            Some(who) => setting.is_on(flag.name, who),
            None => setting.is_on_for_everyone(),
        })
    }

    /// Returns the state of all flags, one character each. Equal texts mean that viewers see the same features.
    #[must_use]
    pub fn picture(&self) -> String {
        let mark = |flag: &&Flag| if self.shows(flag) { '1' } else { '0' };
        self.flags.declared().iter().map(mark).collect()
    }
}

/// A middleware for the routes of a feature, with its flag as the state. Responds with 404 if the flag is off for
/// the viewer.
pub async fn hide(State(flag): State<&'static Flag>, request: Request, next: Next) -> Response {
    let flag_view = request.extensions().get::<FlagView>();
    if flag_view.is_some_and(|flag_view| flag_view.shows(flag)) {
        return next.run(request).await;
    }
    WebError::from(web::not_found()).into_response()
}
