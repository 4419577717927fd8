//! The sentences of an error page: what happened, what was kept, and what to do.

use std::borrow::Cow;

use kernel::{Problem, ProblemKind};
use platform::web;
use uuid::Uuid;

use super::refused::Refused;
use crate::format::tame;

/// Returns the heading, which says what happened, or which kind of thing is missing.
pub(super) fn heading(problem: &Problem, refused: &Refused) -> Cow<'static, str> {
    if let Some(kind) = missing(problem, refused) {
        return format!("There is no such {kind}").into();
    }
    general(problem, refused).into()
}

/// Returns the heading of a kind of problem.
fn general(problem: &Problem, refused: &Refused) -> &'static str {
    use ProblemKind as Kind;
    match problem.kind {
        Kind::Malformed if is_sign_in(problem) => "You are not signed in",
        Kind::Malformed if problem.code == "BAD_FORM" => "The form could not be submitted",
        Kind::NotFound if problem.code == DEAD_INVITATION => "This invitation cannot be used",
        Kind::NotFound => "Not found",
        Kind::MethodNotAllowed if refused.is_form() => "This page accepts no form",
        Kind::MethodNotAllowed => "This page only accepts forms",
        Kind::TooLarge => "This is too large",
        Kind::Internal => "Something went wrong",
        Kind::Overloaded if problem.code == "DATABASE_UNAVAILABLE" => "The server is not available",
        Kind::Overloaded if problem.code == MAINTENANCE => "Nothing can be changed right now",
        Kind::Overloaded => "The server is busy",
        Kind::TooManyRequests => "Too many requests",
        Kind::Unauthenticated if problem.code == web::SIGN_IN_REQUIRED => "Sign in to continue",
        Kind::Forbidden if problem.code == web::SECOND_FACTOR_REQUIRED => "Second factor required",
        Kind::Unauthenticated | Kind::Forbidden => "You don't have access",
        Kind::Conflict if refused.is_form() => "This is not possible now",
        Kind::Invalid if refused.is_form() => "This could not be saved",
        Kind::Conflict | Kind::Invalid => "This page cannot be shown",
        _ => "Invalid request",
    }
}

/// Returns the detail: that of the problem, unless it speaks of the protocol to programs.
pub(super) fn detail(problem: &Problem, refused: &Refused) -> String {
    match problem.kind {
        ProblemKind::MethodNotAllowed if refused.is_form() => {
            "The form was sent to a URL that only shows a page.".to_owned()
        }
        ProblemKind::MethodNotAllowed => {
            "This URL receives a form. It has no page of its own.".to_owned()
        }
        // The banner of every page has the operator's message.
        ProblemKind::Overloaded if problem.code == MAINTENANCE => {
            "Nothing was changed. Try again once the message above is gone.".to_owned()
        }
        _ if missing(problem, refused).is_some() => {
            "It may have been renamed or removed, or its address is mistyped.".to_owned()
        }
        _ => tame(&problem.detail),
    }
}

/// Returns the kind of thing with a page that is missing, if the detail names it, as in `Unknown season 'x'`;
/// a page itself, if no such page exists.
fn missing<'a>(problem: &'a Problem, refused: &Refused) -> Option<&'a str> {
    if problem.kind != ProblemKind::NotFound || refused.is_form() {
        return None;
    }
    let named = || Some(problem.detail.strip_prefix("Unknown ")?.split_once(" '")?.0);
    match named() {
        Some("login") => Some("person"),
        Some(kind) => Some(kind),
        None if problem.detail == web::not_found().detail => Some("page"),
        None => None,
    }
}

/// The code of an invitation that creates no account any more. No search finds its address.
pub(super) const DEAD_INVITATION: &str = "INVITATION_DEAD";

/// The code of a change that was refused because the server is read-only for a while.
const MAINTENANCE: &str = "MAINTENANCE";

/// The codes of failures that may have followed the change.
const OPEN_ENDED: [&str; 2] = ["DATABASE_UNAVAILABLE", "TOO_SLOW"];

/// Says whether a form changed anything, unless the detail does.
pub(super) fn kept(problem: &Problem, refused: &Refused) -> &'static str {
    let is_said = problem.detail.contains("othing was changed");
    match problem.kind {
        ProblemKind::Internal => "",
        _ if !refused.is_form() || is_said => "",
        _ if OPEN_ENDED.contains(&problem.code) => {
            "The change may have been made: check before you submit the form again."
        }
        _ => "Nothing was changed.",
    }
}

/// Returns what to do, where neither the detail nor a button says it.
pub(super) fn next(problem: &Problem, refused: &Refused) -> &'static str {
    use ProblemKind as Kind;
    match problem.kind {
        Kind::Overloaded | Kind::TooManyRequests
            if refused.is_form() && problem.code != "DISK_FULL" =>
        {
            "To submit the form again as it is, reload this page."
        }
        Kind::MethodNotAllowed if refused.is_form() => {
            "Open the page of the form again, and submit it there."
        }
        Kind::MethodNotAllowed => "Open the page with the form, and submit it there.",
        Kind::Unauthenticated | Kind::Forbidden
            if !is_sign_in(problem) && problem.code != web::SECOND_FACTOR_REQUIRED =>
        {
            "You can still view public pages."
        }
        _ => "",
    }
}

/// Returns true if the sign-in itself was refused; its details say what to do.
pub(super) fn is_sign_in(problem: &Problem) -> bool {
    problem.code.starts_with("SIGN_IN")
}

/// The fewest characters of a search.
const SHORTEST: usize = 2;
/// The most characters of a search.
const LONGEST: usize = 100;

/// Returns the words of a path that a search may find: those of its last part that is a name.
pub(crate) fn search_words(path: &str) -> Option<String> {
    // Logins have hyphens; other names have spaces there.
    let is_login = path.starts_with("/people/");
    path.rsplit('/').find_map(|part| {
        let spaced = |c| matches!(c, '_' | '+') || c == '-' && !is_login;
        let words = tame(decoded(part)?.replace(spaced, " ").trim());
        let words: String = words.chars().take(LONGEST).collect();
        let is_name = words.chars().any(char::is_alphabetic) && Uuid::try_parse(part).is_err();
        (is_name && words.chars().count() >= SHORTEST).then_some(words)
    })
}

fn decoded(part: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("q={part}")).ok()?;
    pairs.into_iter().next().map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::*;
    use crate::error::refused::tests::refused;

    #[test]
    fn missing_things_are_named_for_people() {
        let page = web::not_found().detail;
        for (detail, path, said) in [
            ("Unknown season 'x'. See /seasons.", "/seasons/x", "There is no such season"),
            ("Unknown login 'x'.", "/people/x", "There is no such person"),
            (&*page, "/nothing", "There is no such page"),
            ("Unknown 'x'.", "/a", "Not found"),
            ("The projects are shown later.", "/hackathons/x", "Not found"),
        ] {
            let problem = Problem::not_found(detail);
            let asked = refused(Method::GET, path, "/");
            assert_eq!(heading(&problem, &asked), said, "{detail} {path}");
            let is_named = super::detail(&problem, &asked).starts_with("It may have been renamed");
            assert_eq!(is_named, said != "Not found", "{detail} {path}");
            let form = refused(Method::POST, path, "/");
            assert_eq!(heading(&problem, &form), "Not found", "{detail} {path}");
        }
    }

    #[test]
    fn a_search_begins_with_the_name_in_the_path() {
        for (path, words) in [
            ("/hackathons/low-tide-hak", Some("low tide hak")),
            ("/people/wren-oak", Some("wren-oak")),
            ("/hackathons/low-tide-hak/0198a000-0000-7000-8000-000000000000", Some("low tide hak")),
            ("/projects/k%C3%A4lp/42", Some("kälp")),
            ("/", None),
            ("/1/2", None),
            ("/a", None),
            ("/%FF%FE", None),
            ("/xx&y=z", Some("xx")),
        ] {
            assert_eq!(search_words(path).as_deref(), words, "{path}");
        }
        assert_eq!(search_words(&"long".repeat(100)).map(|words| words.len()), Some(LONGEST));
    }
}
