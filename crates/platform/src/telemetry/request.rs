//! The request that the current task answers, as its log lines, its traces and the reports of its errors name it.

use std::{
    fmt::Debug,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, Uri},
};
use uuid::Uuid;

tokio::task_local! {
    static THIS: Arc<ThisRequest>;
}

/// A request, with what is known of it so far.
#[derive(Debug)]
pub(crate) struct ThisRequest {
    id: HeaderValue,
    route: Option<MatchedPath>,
    pub(crate) method: Method,
    uri: Uri,
    /// The contact for failures.
    contact: Option<Arc<str>>,
    person: OnceLock<Uuid>,
    event: OnceLock<&'static str>,
    /// The code of the problem that makes the answer an error of the server.
    failure: OnceLock<&'static str>,
    /// The types of the error behind it.
    error: OnceLock<String>,
    has_panicked: AtomicBool,
}

impl ThisRequest {
    pub(crate) fn new(id: HeaderValue, request: &Request, contact: Option<Arc<str>>) -> Arc<Self> {
        Arc::new(Self {
            id,
            route: request.extensions().get::<MatchedPath>().cloned(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            contact,
            person: OnceLock::new(),
            event: OnceLock::new(),
            failure: OnceLock::new(),
            error: OnceLock::new(),
            has_panicked: AtomicBool::new(false),
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

    pub(crate) fn failure(&self) -> Option<&'static str> {
        self.failure.get().copied()
    }

    pub(crate) fn error(&self) -> Option<&str> {
        self.error.get().map(String::as_str)
    }

    pub(crate) fn has_panicked(&self) -> bool {
        self.has_panicked.load(Ordering::Relaxed)
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

/// Notes the code of the problem that makes the answer an error of the server.
pub(crate) fn failed(code: &'static str) {
    of_this(|this| {
        this.failure.set(code).ok();
    });
}

/// Returns whom to tell of a failure of the request that the current task answers, if that is set.
pub(crate) fn contact() -> Option<String> {
    THIS.try_with(|this| this.contact.as_deref().map(str::to_owned)).ok().flatten()
}

/// Notes the types of the error behind it.
pub(crate) fn failed_with(error: &impl Debug) {
    of_this(|this| {
        this.error.set(names(&format!("{error:?}"))).ok();
    });
}

/// Notes that the request panicked, which is reported apart.
pub(super) fn panicked() {
    of_this(|this| this.has_panicked.store(true, Ordering::Relaxed));
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

/// The error whose inner types are those of libraries, all of them named by their derived text.
const DATABASE_ERROR: &str = "DbError";

/// Returns the names of the types at the beginning of the debug text of an error, such as `DbError(Query(SqlxError`. What follows
/// them may be data. Only errors of the database name more than one.
fn names(debug: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names = Vec::new();
    let mut rest = debug;
    while rest.starts_with(|first: char| first.is_ascii_uppercase()) {
        let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        names.push(&rest[..end]);
        match rest[end..].strip_prefix('(') {
            Some(inner) if names[0] == DATABASE_ERROR => rest = inner,
            _ => break,
        }
    }
    names.join("(")
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

    #[test]
    fn an_error_is_named_without_its_data() {
        for (debug, expected) in [
            (
                "DbError(Query(SqlxError(Database(PgDatabaseError { code: \"23505\", detail: \"sam\" }))))",
                "DbError(Query(SqlxError(Database(PgDatabaseError",
            ),
            ("DbError(Custom(\"sam@guild.example\"))", "DbError(Custom"),
            ("Unknown(Sam)", "Unknown"),
            ("Unknown { login: \"sam\" }", "Unknown"),
            ("\"sam@guild.example\"", ""),
            ("sam", ""),
        ] {
            assert_eq!(names(debug), expected, "{debug}");
        }
    }
}
