//! The calls of GitHub's API that the server's source contains. The walk must reach each of them.

use std::{
    collections::BTreeSet,
    fmt::{self, Display, Formatter},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};

/// The sources of the clients: folders and files.
const SOURCES: [&str; 2] = ["crates/github/src/gateway", "crates/identity/src/gateway/github.rs"];

/// The reason for the paths by which programmes read code.
const CODE: &str = "read for a submission, which the person of the examples has not; `fake github` answers it in the tests of `code`";

/// The paths in the sources that the walk need not reach, and the reason.
const EXEMPT: [(&str, &str); 15] = [
    ("/repos/{full_name}/activity", CODE),
    ("/repos/{full_name}/commits", CODE),
    ("/repos/{full_name}/commits/heads/{}", CODE),
    ("/repos/{full_name}/dispatches", CODE),
    ("/repos/{full_name}/git/trees/{sha}", CODE),
    (
        "/repos/{full_name}/hooks/{hook}/deliveries",
        "asked by the health check, at most once a minute, for the webhooks that are there; `fake github` answers it in `registration::arrivals`",
    ),
    (
        "/users/{login}",
        "read only for a person on a server without sign-in; `fake github` answers it in `sign_in::bios`",
    ),
    ("/v3", "the end of an Enterprise Server's address"),
    ("/graphql", "GitHub describes its queries elsewhere; the judge `octokit` validates them"),
    ("/login/oauth/authorize", "a page that people open, not a call of the server"),
    (
        "/login/oauth/access_token",
        "the description has no operation for it; the recorder answers it",
    ),
    (
        "/app-manifests/{code}/conversions",
        "takes a code that GitHub gives the browser of a person who creates an App; `fake github` answers it in `github_app::manifest`",
    ),
    (
        "/repos/{full_name}/pulls/{number}",
        "called only for a pull request that is abandoned for months; `fake github` answers it in `github_app::closing`",
    ),
    (
        "/repos/{full_name}/issues/{number}/comments",
        "called only after closing an abandoned pull request; `fake github` answers it in `github_app::closing`",
    ),
    (
        "/app/installations/{id}",
        "asked only for a known installation that the list leaves out, and the list of the examples never changes",
    ),
];

/// A call that the server can make: a method, and a path with placeholders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Endpoint {
    method: String,
    path: String,
}

impl Display for Endpoint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Endpoint {
    /// Returns the number of segments that are the same in a call; `None` if the call is of another endpoint.
    fn fits(&self, method: &str, path: &str) -> Option<usize> {
        let template = self.path.replace("{full_name}", "{owner}/{name}");
        let pairs = template.split('/').zip(path.split('/'));
        let is_placeholder = |own: &str| own.starts_with('{');
        let is_as_long = template.split('/').count() == path.split('/').count();
        let fits = is_as_long
            && self.method == method
            && pairs.clone().all(|(own, called)| is_placeholder(own) || own == called);
        fits.then(|| pairs.filter(|(own, called)| own == called).count())
    }
}

/// Reads the calls in the sources.
///
/// # Errors
/// When a function with a path does not show its method, or an exemption is no longer needed.
pub(super) fn endpoints(root: &Path) -> Result<BTreeSet<Endpoint>> {
    let mut found = Found::default();
    for file in files(root)? {
        let text = fs::read_to_string(&file);
        let text = text.with_context(|| format!("cannot read {}", file.display()))?;
        found.add(&file.display().to_string(), &text);
    }
    for (path, _) in EXEMPT {
        if !found.exempt.contains(path) {
            let stale = format!("no source has {path}: remove its exemption");
            found.complaints.push(stale);
        }
    }
    let complaints = found.complaints.join("\n  ");
    ensure!(complaints.is_empty(), "\n  {complaints}");
    Ok(found.endpoints)
}

fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for source in SOURCES.map(|source| root.join(source)) {
        if !source.is_dir() {
            files.push(source);
            continue;
        }
        for entry in fs::read_dir(&source)? {
            files.push(entry?.path());
        }
    }
    let is_code = |file: &PathBuf| {
        file.extension().is_some_and(|kind| kind == "rs") && !file.ends_with("fuzz.rs")
    };
    files.retain(is_code);
    files.sort();
    Ok(files)
}

#[derive(Default)]
struct Found {
    endpoints: BTreeSet<Endpoint>,
    exempt: BTreeSet<&'static str>,
    complaints: Vec<String>,
}

impl Found {
    /// Adds the calls of a file. A function with a path names one method, or calls `get` or `read`.
    fn add(&mut self, file: &str, source: &str) {
        let code = source.split("#[cfg(test)]\nmod tests").next();
        for function in functions(code.unwrap_or_default()) {
            let methods = methods(&function);
            for path in paths(&function) {
                let exemption = EXEMPT.into_iter().find(|(exempt, _)| *exempt == path);
                match (exemption, methods.iter().next()) {
                    (Some((exempt, _)), _) => {
                        self.exempt.insert(exempt);
                    }
                    (None, Some(&method)) if methods.len() == 1 => {
                        let method = method.to_owned();
                        self.endpoints.insert(Endpoint { method, path });
                    }
                    (None, _) => self.complaints.push(format!(
                        "{file}: the method of {path} is not clear: state one `Method::…` in the function with the path"
                    )),
                }
            }
        }
    }
}

/// Splits code into functions, without comments.
fn functions(code: &str) -> Vec<String> {
    let mut functions = vec![String::new()];
    for line in code.lines() {
        if begins_function(line) {
            functions.push(String::new());
        }
        let is_comment = line.trim_start().starts_with("//");
        if let Some(last) = functions.last_mut().filter(|_| !is_comment) {
            last.push_str(line);
            last.push('\n');
        }
    }
    functions
}

fn begins_function(line: &str) -> bool {
    let line = line.trim_start();
    let after_visibility = match line.strip_prefix("pub") {
        Some(rest) => rest.split_once(' ').map_or("", |(_, rest)| rest),
        None => line,
    };
    let signature = after_visibility.strip_prefix("async ");
    signature.unwrap_or(after_visibility).starts_with("fn ")
}

fn methods(function: &str) -> BTreeSet<&str> {
    let named = function.split("Method::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_uppercase());
        &rest[..end.unwrap_or(rest.len())]
    });
    let reads = [".get(", ".read(", ".read::<"];
    let is_read = reads.iter().any(|read| function.contains(read));
    named.chain(is_read.then_some("GET")).collect()
}

fn paths(function: &str) -> Vec<String> {
    let plain = function.replace("\\\"", "").replace("'\"'", "");
    let strings = plain.split('"').skip(1).step_by(2);
    strings.filter_map(path).collect()
}

/// Returns the path in a string, without the address of the API before it and the query behind it.
fn path(string: &str) -> Option<String> {
    let path = match string.strip_prefix('{') {
        Some(rest) => rest.split_once('}')?.1,
        None => string,
    };
    let path = path.split('?').next()?;
    let first = path.strip_prefix('/')?.chars().next()?;
    first.is_ascii_lowercase().then(|| path.to_owned())
}

/// Returns a complaint about each endpoint that no call is of.
pub(super) fn unreached<'a>(
    endpoints: &BTreeSet<Endpoint>,
    calls: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let reached: BTreeSet<&Endpoint> = calls.filter_map(|call| of_call(endpoints, call)).collect();
    let unreached = endpoints.iter().filter(|own| !reached.contains(own));
    unreached.map(|own| format!("{own} was not called: let walk.rs reach it")).collect()
}

/// Returns the endpoint of a call such as `GET /user/repos?page=2`: of several, the one with the fewest placeholders.
fn of_call<'a>(endpoints: &'a BTreeSet<Endpoint>, call: &str) -> Option<&'a Endpoint> {
    let (method, target) = call.split_once(' ')?;
    let path = target.split('?').next()?;
    let fitting = endpoints.iter().filter_map(|own| Some((own.fits(method, path)?, own)));
    let best = fitting.max_by_key(|(same, _)| *same);
    best.map(|(_, own)| own)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
impl Api {
    /// Reads "/not/code".
    pub(super) async fn own(&self, page: u32) -> Result<Own, ApiError> {
        let path = format!("/user/repos?page={page}");
        self.ask(call, Method::GET, &path, None).await
    }

    async fn person(&self, id: i64) -> Result<Person, ApiError> {
        self.read(call, &format!("/user/{id}")).await
    }

    async fn create(&self) -> Result<(), ApiError> {
        let url = format!("{}/repos/{full_name}/hooks", self.base);
        self.http.request(Method::POST, &url)
    }
}

fn url(base: &str) -> String {
    format!("{base}/graphql")
}

#[cfg(test)]
mod tests {
    const PATH: &str = "/of/tests";
}
"#;

    fn found(source: &str) -> Found {
        let mut found = Found::default();
        found.add("api.rs", source);
        found
    }

    fn shown(endpoints: &BTreeSet<Endpoint>) -> Vec<String> {
        endpoints.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn calls_are_read_from_functions() {
        let found = found(SOURCE);
        let expected = ["GET /user/repos", "GET /user/{id}", "POST /repos/{full_name}/hooks"];
        assert_eq!(shown(&found.endpoints), expected);
        assert_eq!(found.exempt.iter().collect::<Vec<_>>(), [&"/graphql"]);
        assert_eq!(found.complaints, [""; 0]);
    }

    #[test]
    fn a_path_without_a_clear_method_is_named() {
        for function in [
            "fn path() -> String {\n    \"/user/keys\".to_owned()\n}\n",
            "fn both() {\n    (Method::PUT, Method::POST, \"/user/keys\")\n}\n",
        ] {
            let complaints = found(function).complaints;
            assert!(complaints[0].contains("/user/keys"), "{complaints:?}");
        }
    }

    #[test]
    fn endpoints_that_no_call_is_of_are_named() {
        let endpoints = found(SOURCE).endpoints;
        let missing = |calls: &[&str]| {
            let missing = unreached(&endpoints, calls.iter().copied());
            let named = missing.iter().filter_map(|said| said.split(" was").next());
            named.map(str::to_owned).collect::<Vec<_>>()
        };
        let all =
            ["GET /user/repos?page=1", "GET /user/7", "POST /repos/octocat/Hello-World/hooks"];
        assert_eq!(missing(&all), [""; 0]);
        // The path of a list of repositories is not that of a person.
        assert_eq!(missing(&[all[0], all[2]]), ["GET /user/{id}"]);
        let others = ["GET /repos/octocat/Hello-World/hooks", "POST /repos/octocat/hooks"];
        assert_eq!(missing(&others), shown(&endpoints));
    }

    #[test]
    fn the_sources_state_their_calls() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let endpoints = endpoints(&root).expect("clear");
        let shown = shown(&endpoints);
        for expected in [
            "DELETE /applications/{}/token",
            "GET /user",
            "POST /app/installations/{installation}/access_tokens",
        ] {
            assert!(shown.iter().any(|own| own == expected), "{expected}: {shown:?}");
        }
    }
}
