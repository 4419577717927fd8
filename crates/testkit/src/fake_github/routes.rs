use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    response::Html,
    routing::{delete, get, patch, post, put},
};

use super::{
    Shared, answer::Refusal, apps, bios, calls, code, community, graphql, guard, hooks, installing,
    issue_acts, labels, manifest, oauth, past, people, pulls, repos, reviews, search, stock,
    switches,
};

/// Returns all routes of the fake. The API is also served under `/api/v3`, as on GitHub Enterprise Server.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    let guarded = from_fn_with_state(Arc::clone(&shared), guard::guard);
    let queries = post(graphql::query).layer(guarded.clone());
    let api = api().fallback(async || Refusal::not_found()).layer(guarded);
    Router::new()
        .route("/", get(index))
        .route("/_switches", get(switches::show).post(switches::change))
        .route("/_people", post(people::join))
        .route("/_people/{login}", post(people::rename))
        .route("/_code", post(code::create))
        .route("/_code/{owner}/{repo}", post(code::push))
        .route("/_codeload/{owner}/{repo}/legacy.tar.gz/{sha}", get(code::codeload))
        .route("/_past/{owner}/{repo}", post(past::create))
        .route("/_community", post(community::create))
        .route("/_calls", get(calls::show))
        .route("/_stock", post(stock::add))
        .route("/_app", get(async || apps::APP_KEY).post(apps::set_hook))
        .route("/_apps/{id}", post(manifest::create))
        .route("/_installations", post(apps::install))
        .route("/_installations/{id}", post(apps::change))
        .route("/_acts/{owner}/{repo}/{number}", post(pulls::act))
        .route("/settings/profile", get(bios::page).post(bios::save))
        .route("/settings/apps/new", post(manifest::propose))
        .route("/apps/{slug}/installations/new", get(installing::choose).post(installing::install))
        .route("/organizations/{organization}/settings/apps/new", post(manifest::propose_for))
        .route("/login/oauth/authorize", get(oauth::authorize))
        .route("/login/oauth/access_token", post(oauth::access_token))
        .nest("/api/v3", api.clone())
        .route("/api/graphql", queries)
        .merge(api)
        .with_state(shared)
}

fn api() -> Router<Arc<Shared>> {
    let token = post(oauth::check_token).delete(oauth::revoke_token);
    Router::new()
        .route("/applications/{client_id}/token", token)
        .route("/applications/{client_id}/grant", delete(oauth::revoke_token))
        .route("/app", get(manifest::show))
        .route("/app-manifests/{code}/conversions", post(manifest::convert))
        .route("/app/hook/deliveries", get(manifest::deliveries))
        .route("/app/hook/deliveries/{delivery}/attempts", post(manifest::redeliver))
        .route("/app/hook/config", patch(apps::change_hook))
        .route("/app/installations", get(apps::list))
        .route("/app/installations/{id}", get(apps::installation))
        .route("/app/installations/{id}/access_tokens", post(apps::create_token))
        .route("/installation/repositories", get(apps::repositories))
        .route("/graphql", post(graphql::query))
        .route("/rate_limit", get(people::rate_limit))
        .route("/search/repositories", get(search::repositories))
        .route("/search/issues", get(search::issues))
        .route("/user", get(people::me).patch(bios::change))
        .route("/user/repos", get(repos::list_own).post(repos::create))
        .route("/user/emails", get(people::emails))
        .route("/user/{id}", get(people::person_by_id))
        .route("/users/{login}", get(people::person))
        .route("/repositories/{id}", get(repos::by_id))
        .route("/repos/{owner}/{repo}", get(repos::show).patch(repos::change))
        .nest("/repos/{owner}/{repo}", repository())
}

fn repository() -> Router<Arc<Shared>> {
    Router::new()
        .route("/installation", get(apps::of_repository))
        .route("/collaborators", get(people::collaborators))
        .route(
            "/collaborators/{login}",
            put(people::add_collaborator).delete(people::remove_collaborator),
        )
        .route("/collaborators/{login}/permission", get(people::permission))
        .route("/commits", get(code::commits))
        .route("/commits/{*reference}", get(code::commit))
        .route("/git/trees/{sha}", get(code::tree))
        .route("/activity", get(code::activity))
        .route("/tarball/{sha}", get(code::tarball))
        .route("/dispatches", post(code::dispatch))
        .route("/pulls", get(pulls::list).post(pulls::open))
        .route("/pulls/{number}", get(pulls::show).patch(pulls::change))
        .route("/pulls/{number}/files", get(pulls::files))
        .route("/pulls/{number}/merge", put(pulls::merge))
        .route("/pulls/{number}/reviews", get(reviews::list).post(reviews::submit))
        .route("/pulls/{number}/reviews/{review}", put(reviews::edit))
        .route("/pulls/{number}/reviews/{review}/dismissals", put(reviews::dismiss))
        .route("/issues", get(issue_acts::list).post(issue_acts::create))
        .route("/issues/{number}", get(issue_acts::show).patch(issue_acts::change))
        .route("/issues/{number}/comments", post(issue_acts::comment))
        .route("/issues/{number}/lock", put(issue_acts::lock).delete(issue_acts::unlock))
        .route("/issues/{number}/labels", get(labels::list).post(labels::add))
        .route("/issues/{number}/labels/{name}", delete(labels::remove))
        .route("/hooks", get(hooks::list).post(hooks::create))
        .route("/hooks/{hook}", get(hooks::show).patch(hooks::change).delete(hooks::delete))
        .route("/hooks/{hook}/pings", post(hooks::ping))
        .route("/hooks/{hook}/deliveries", get(hooks::deliveries))
        .route("/hooks/{hook}/deliveries/{delivery}", get(hooks::delivery))
        .route("/hooks/{hook}/deliveries/{delivery}/attempts", post(hooks::redeliver))
}

/// Renders the first page.
async fn index() -> Html<&'static str> {
    Html(
        "<!doctype html><title>Fake GitHub</title><h1>Fake GitHub</h1>\
        <p>Everyone's token is <code>token-LOGIN</code>. Try \
        <code>curl -H 'Authorization: Bearer token-mirelle-tavok' /user</code>.</p>\
        <p>The GitHub App has the ID 190001 and the key <a href=\"/_app\">/_app</a>. POST \
        <code>{\"account\": LOGIN, \"repositories\": [NAME]}</code> to /_installations to install it, or open \
        /apps/NAME/installations/new.</p>\
        <p>POST a manifest to /settings/apps/new to create the App with a secret of its own.</p>\
        <p>Change the bio of a person at <a href=\"/settings/profile\">/settings/profile</a>. POST \
        <code>{\"login\": NEW}</code> to /_people to add a person.</p>\
        <p>POST the story of a repository's code to /_code, and a push to /_code/OWNER/NAME.</p>\
        <p>Simulated failures: <a href=\"/_switches\">/_switches</a>; POST JSON to change it.</p>",
    )
}
