//! Slugs in URLs.

use kernel::{Problem, ProblemKind};

use crate::{ActionError, ascii, db::DbError};

/// Returns whether a text is a valid slug: lower-case letters and digits, separated by single hyphens.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.len() <= 100 && text.split('-').all(is_word)
}

/// Returns whether a text can be chosen as a slug: `new` is the path of the form that creates an object.
#[must_use]
pub fn is_usable(text: &str) -> bool {
    is_slug(text) && text != "new"
}

/// Checks a slug that someone chose.
///
/// # Errors
/// When it cannot be one.
pub fn check(slug: &str) -> Result<(), Problem> {
    if is_usable(slug) {
        return Ok(());
    }
    let detail = format!(
        "'{slug}' is not a valid slug. Use lowercase letters, digits and single hyphens, at most 100 characters, \
         and not 'new'."
    );
    Err(Problem::new(ProblemKind::Invalid, "BAD_SLUG", detail).at("slug"))
}

/// Returns the error for a slug that another object has.
#[must_use]
pub fn taken(slug: &str) -> Problem {
    let detail = format!("The slug '{slug}' is already in use. Choose a different one.");
    Problem::new(ProblemKind::Conflict, "SLUG_TAKEN", detail).at("slug")
}

/// Derives the slug of an object from its name. [`free`] adds a number if it is not usable, or
/// taken.
///
/// # Errors
/// When the name has no letter or digit.
pub fn derived(name: &str) -> Result<String, Problem> {
    from_name(name).ok_or_else(|| {
        let detail =
            format!("'{name}' has no letters or digits to derive a slug from. Set a slug.");
        Problem::new(ProblemKind::Invalid, "NEEDS_SLUG", detail).at("slug")
    })
}

/// Derives a slug from a name, spelled in ASCII; `None` when the name has no letter or digit.
#[must_use]
pub fn from_name(name: &str) -> Option<String> {
    let mut slug = String::with_capacity(name.len());
    for c in ascii::spelled(name).chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(90);
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// Returns the slug of a new object: the given one, or else one derived from its name. `is_taken` says whether another
/// object has a slug.
///
/// # Errors
/// When the given slug is not valid or taken, or none can be derived from the name.
pub async fn chosen<F>(
    given: Option<&str>,
    name: &str,
    is_taken: impl Fn(String) -> F,
) -> Result<String, ActionError>
where
    F: Future<Output = Result<bool, DbError>>,
{
    let Some(given) = given.map(str::trim).filter(|slug| !slug.is_empty()) else {
        return Ok(free(derived(name)?, is_taken).await?);
    };
    check(given)?;
    if is_taken(given.to_owned()).await? { Err(taken(given).into()) } else { Ok(given.to_owned()) }
}

/// Returns the slug of a new object like [`chosen`], with its details. If these are refused, a given slug is checked as well, so that
/// a person learns both.
///
/// # Errors
/// When the details are refused, the given slug is not valid or taken, or none can be derived from the name.
pub async fn chosen_for<T, F>(
    given: Option<&str>,
    details: Result<T, Problem>,
    name: impl Fn(&T) -> &str,
    is_taken: impl Fn(String) -> F,
) -> Result<(String, T), ActionError>
where
    F: Future<Output = Result<bool, DbError>>,
{
    let refused = match details {
        Ok(details) => {
            let slug = chosen(given, name(&details), is_taken).await?;
            return Ok((slug, details));
        }
        Err(refused) => refused,
    };
    let Some(given) = given.filter(|slug| !slug.trim().is_empty()) else {
        return Err(refused.into());
    };
    let slug = chosen(Some(given), "", is_taken).await;
    Err(match ActionError::refusal(slug)? {
        Ok(_) => refused.into(),
        Err(problem) => refused.and(problem).into(),
    })
}

/// Returns a slug that no other object has: `base`, or with the first number that makes it usable and free.
///
/// # Errors
/// When the database fails.
pub async fn free<F>(base: String, is_taken: impl Fn(String) -> F) -> Result<String, DbError>
where
    F: Future<Output = Result<bool, DbError>>,
{
    let (mut slug, mut number) = (base.clone(), 1);
    while !is_usable(&slug) || is_taken(slug.clone()).await? {
        number += 1;
        slug = format!("{base}-{number}");
    }
    Ok(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        for (name, slug) in [
            ("Hello World", "hello-world"),
            ("  C++ & Rust!  ", "c-rust"),
            ("v2.0", "v2-0"),
            ("Café Zürich", "cafe-zurich"),
            ("Ü", "u"),
            ("Zoë", "zoe"),
            ("Straße 9", "strasse-9"),
            ("日本", "ri-ben"),
        ] {
            assert_eq!(from_name(name).as_deref(), Some(slug));
            assert!(is_slug(slug));
        }
        for name in ["", "--", "\u{200b}"] {
            assert_eq!(from_name(name), None);
        }
        let long = from_name(&"long name ".repeat(40)).expect("a slug");
        assert!(is_slug(&long));
    }

    #[test]
    fn the_path_of_the_form_is_not_usable() {
        assert!(is_slug("new") && !is_usable("new"));
        for slug in ["new-2", "news", "a"] {
            assert!(is_usable(slug), "{slug}");
            assert_eq!(check(slug), Ok(()));
        }
        for slug in ["new", "New", "a b", ""] {
            let problem = check(slug).expect_err(slug);
            assert_eq!((problem.field, problem.code), (Some("slug"), "BAD_SLUG"));
        }
        assert_eq!(derived("New"), Ok("new".to_owned()));
        let problem = derived("?!").expect_err("no slug");
        assert_eq!((problem.field, problem.code), (Some("slug"), "NEEDS_SLUG"));
        assert!(problem.detail.ends_with("Set a slug."), "{problem:?}");
    }

    #[test]
    fn an_invalid_slug_is_rejected() {
        for text in ["", "-", "a-", "-a", "a--b", "A", "a b", "ä"] {
            assert!(!is_slug(text), "{text}");
        }
    }

    #[tokio::test]
    async fn a_slug_that_is_refused_joins_the_details() {
        let taken = |slug: String| async move { Ok(slug == "taken") };
        let bad = || Problem::new(ProblemKind::Invalid, "BAD_NAME", "Enter a name.").at("name");
        let of = |details: Result<String, Problem>, given: Option<&'static str>| async move {
            let chosen = chosen_for(given, details, |it: &String| it, taken).await;
            ActionError::refusal(chosen).expect("no database")
        };
        let fine = of(Ok("Low Tide".to_owned()), None).await.expect("fine");
        assert_eq!((&*fine.0, &*fine.1), ("low-tide", "Low Tide"));
        for (given, code) in [("A b", "BAD_SLUG"), ("taken", "SLUG_TAKEN")] {
            let problem = of(Err(bad()), Some(given)).await.expect_err(given);
            assert_eq!((problem.code, problem.fields.len()), ("BAD_NAME", 2), "{given}");
            let only = of(Ok("x".to_owned()), Some(given)).await.expect_err(given);
            assert_eq!((only.code, only.fields.len()), (code, 0));
        }
        for given in [None, Some(" "), Some("free")] {
            let problem = of(Err(bad()), given).await.expect_err("no name");
            assert_eq!(problem, bad());
        }
    }
}
