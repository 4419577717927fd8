//! The request that the current task answers, as its log lines, its traces and the reports of its errors name it.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, Uri},
};
use uuid::Uuid;

tokio::task_local! {
    static THIS: Arc<ThisRequest>;
}

/// What is known of a request so far.
#[derive(Debug)]
pub(crate) struct ThisRequest {
    id: HeaderValue,
    route: Option<MatchedPath>,
    pub(crate) method: Method,
    uri: Uri,
    person: OnceLock<Uuid>,
    event: OnceLock<&'static str>,
}

impl ThisRequest {
    pub(crate) fn new(id: HeaderValue, request: &Request) -> Arc<Self> {
        Arc::new(Self {
            id,
            route: request.extensions().get::<MatchedPath>().cloned(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            person: OnceLock::new(),
            event: OnceLock::new(),
        })
    }

    /// Runs `work` as part of the request.
    pub(crate) async fn scope<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        THIS.scope(self, work).await
    }

    pub(crate) fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    /// Returns the template of the route, such as `/projects/{slug}`.
    pub(crate) fn route(&self) -> &str {
        self.route.as_ref().map_or("unmatched", MatchedPath::as_str)
    }

    /// Calls `put` with the name and the value of everything that a log line says about the request.
    pub(super) fn describe(&self, mut put: impl FnMut(&'static str, String)) {
        put("request_id", self.id().to_owned());
        if let Some(person) = self.person.get() {
            put("person", person.to_string());
        }
        if let Some(object) = object(self.route(), self.uri.path()) {
            put("object", object);
        }
        if let Some(event) = self.event.get() {
            put("event", (*event).to_owned());
        }
    }
}

/// Calls `see` with the request that the current task answers, if it answers one.
pub(super) fn of_this(see: impl FnOnce(&ThisRequest)) {
    THIS.try_with(|this| see(this)).ok();
}

/// Notes the person who sent the request that the current task answers.
pub fn sent_by(person: Uuid) {
    of_this(|this| {
        this.person.set(person).ok();
    });
}

/// Notes the action that the request performs, such as `project.create`.
pub(crate) fn performs(action: &'static str) {
    of_this(|this| {
        this.event.set(action).ok();
    });
}

/// Returns what a request is about: the first part of its path that the route leaves open, with the part before it. `None` if that
/// could be the name of a person or a secret.
fn object(route: &str, path: &str) -> Option<String> {
    let mut kind = "";
    for (part, given) in route.split('/').zip(path.split('/')) {
        if matches!(part, "{slug}" | "{id}") {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let is_name = given.len() <= 100 && given.bytes().all(is_plain);
            return is_name.then(|| format!("{kind}/{given}"));
        }
        if part.contains('{') {
            return None;
        }
        kind = part;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_unless_it_may_be_a_person_or_a_secret() {
        for (route, path, expected) in [
            ("/projects/{slug}", "/projects/fenwick", Some("projects/fenwick")),
            (
                "/api/v1/hackathons/{id}/teams",
                "/api/v1/hackathons/0193-a/teams",
                Some("hackathons/0193-a"),
            ),
            ("/people/{login}", "/people/sam", None),
            ("/people/{login}/items/{id}", "/people/sam/items/1", None),
            ("/feeds/{token}", "/feeds/secret", None),
            ("/feeds/{token}.ics", "/feeds/secret.ics", None),
            ("/projects/{slug}", "/projects/a%20b", None),
            ("/projects", "/projects", None),
            ("unmatched", "/projects/fenwick", None),
        ] {
            assert_eq!(object(route, path).as_deref(), expected, "{route}");
        }
    }
}
