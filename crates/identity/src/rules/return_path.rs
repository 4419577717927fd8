use kernel::{Problem, ProblemKind, typed};

/// The longest path to return to.
const LONGEST: usize = 512;

/// Returns the path to go to after signing in: a path of this server, or else the home page. It never leads
/// to another site, however a browser might read the URL, or to sign-in or sign-out.
#[must_use]
pub fn return_path(asked: Option<&str>) -> &str {
    asked.filter(|path| is_ours(path)).unwrap_or("/")
}

/// Reads the path of a page that a person names; empty means the home page.
///
/// # Errors
/// When it is no path that [`return_path`] returns to.
pub fn stated_path(typed: &str) -> Result<String, Problem> {
    let path = typed::pasted(typed);
    if path.is_empty() || is_ours(path) {
        return Ok(return_path(Some(path)).to_owned());
    }
    let detail = "This is not a page of this server. Enter a path such as /seasons/autumn, or leave the field empty for Home.";
    Err(Problem::new(ProblemKind::Invalid, "BAD_RETURN_PATH", detail).at("to"))
}

fn is_ours(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let is_sign_in = |page: &str| {
        let rest = path.strip_prefix(page);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    };
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= LONGEST
        && path.bytes().all(is_plain)
        && !is_sign_in("/sign-in")
        && !is_sign_in("/sign-out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stated_path_is_one_of_this_server() {
        for (typed, path) in [("", "/"), (" /seasons/autumn ", "/seasons/autumn"), ("/", "/")] {
            assert_eq!(stated_path(typed).as_deref(), Ok(path));
        }
        for other in ["seasons", "//evil.example", "https://evil.example", "/sign-out"] {
            let refused = stated_path(other).expect_err(other);
            assert_eq!((refused.code, refused.field), ("BAD_RETURN_PATH", Some("to")));
        }
    }

    #[test]
    fn only_paths_of_this_server_are_returned_to() {
        for ours in ["/", "/people/wren-oak?points=x#points", "/projects/caf%C3%A9", "/sign-ins"] {
            assert_eq!(return_path(Some(ours)), ours);
        }
        for other in [
            "",
            "people",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "/ü",
            "/sign-in",
            "/sign-in/github?return=/",
            "/sign-out",
        ] {
            assert_eq!(return_path(Some(other)), "/", "{other}");
        }
        assert_eq!(return_path(None), "/");
        assert_eq!(return_path(Some(&format!("/{}", "a".repeat(600)))), "/");
    }
}
