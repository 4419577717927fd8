//! The demo answers this machine alone: anyone can sign in as anyone there.

use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
    response::Response,
};
use identity::access::auth;
use kernel::{Problem, ProblemKind};
use platform::web::Next;

/// Headers that a proxy adds. Behind one, every client seems to be on this machine.
const OF_PROXIES: [&str; 5] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Refuses requests through a proxy, and requests under a name that does not belong to this machine: a website can make
/// its own name point here.
pub(crate) async fn only(request: Request, next: Next) -> Response {
    if is_addressed_here(request.headers()) {
        return next.run(request).await;
    }
    let detail = "The demo only answers on the computer that runs it. Open it there as http://127.0.0.1 or \
                  http://localhost, without a proxy.";
    let problem = Problem::new(ProblemKind::Forbidden, "NOT_THIS_MACHINE", detail);
    auth::refuse(&request, problem.into())
}

fn is_addressed_here(headers: &HeaderMap) -> bool {
    let is_proxied = OF_PROXIES.iter().any(|name| headers.contains_key(*name));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    !is_proxied && host.is_some_and(is_this_machine)
}

pub(crate) fn is_this_machine(host: &str) -> bool {
    if host.contains('@') {
        return false;
    }
    let uri: Option<Uri> = format!("http://{host}/").parse().ok();
    let name = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let number = name.trim_start_matches('[').trim_end_matches(']');
    let number = number.parse::<std::net::IpAddr>();
    name.eq_ignore_ascii_case("localhost") || number.is_ok_and(|number| number.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_loopback() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:80", "[::1]:8080"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "",
            "guild.example",
            "localhost.example",
            "127.0.0.1.example:8080",
            "192.0.2.1",
            "[2001:db8::1]",
            "user@localhost:x",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn a_proxy_is_not_this_machine() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:8080".parse().expect("a host"));
        assert!(is_addressed_here(&headers));
        headers.insert("x-forwarded-for", "192.0.2.1".parse().expect("an address"));
        assert!(!is_addressed_here(&headers));
        assert!(!is_addressed_here(&HeaderMap::new()));
    }
}
