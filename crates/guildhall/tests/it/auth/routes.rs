use std::collections::{BTreeMap, BTreeSet};

use axum::Router;

/// Returns every route of a router: method and path. They are read from the router itself, so that no route can be
/// missed.
pub(crate) fn of(router: &Router) -> BTreeSet<(String, String)> {
    let printed = format!("{router:?}");
    let (printed, _) = printed.split_once("fallback_router").expect("axum's debug format");
    let (mut methods, mut paths) = (BTreeMap::new(), Vec::new());
    for part in printed.split("RouteId(").skip(1) {
        let (id, rest) = part.split_once("): ").expect("an id");
        if let Some(path) = rest.strip_prefix('"') {
            let path = path.split('"').next().expect("a path");
            paths.push((id.to_owned(), path.to_owned()));
        } else {
            let allowed = rest.split(r#"allow_header: Bytes(b""#).nth(1);
            let allowed = allowed.and_then(|rest| rest.split('"').next());
            let allowed = allowed.expect("a route names its methods");
            methods.insert(id.to_owned(), allowed.to_owned());
        }
    }
    let routes = paths.into_iter().flat_map(|(id, path)| {
        let own = methods[&id].split(',').map(str::to_owned).collect::<Vec<_>>();
        // GET also answers HEAD.
        let own = own.into_iter().filter(|method| method != "HEAD");
        own.map(move |method| (method, path.clone()))
    });
    routes.collect()
}
