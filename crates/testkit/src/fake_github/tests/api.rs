use super::*;

#[tokio::test]
async fn a_pull_request_can_be_opened_reviewed_and_closed_through_the_api() {
    let scene = GithubScene::new().await;
    let base = format!("/repos/{REPO}");
    let wanted = json!({ "title": "fix: It", "head": "hexacat:x", "base": "main", "draft": true });
    let (status, pull) =
        scene.send(Method::POST, &format!("{base}/pulls"), "hexacat", wanted).await;
    assert_eq!((status, &pull["draft"], &pull["number"]), (201, &json!(true), &json!(1)));
    let one = format!("{base}/pulls/1");
    let merge = format!("{one}/merge");
    assert_eq!(scene.send(Method::PUT, &merge, "monacat", json!({})).await.0, 405);
    let act = json!({ "act": "ready_for_review", "by": "hexacat" });
    let acts = format!("/_acts/{REPO}/1");
    assert_eq!(scene.send(Method::POST, &acts, "", act).await.1["draft"], false);
    let reviews = format!("{one}/reviews");
    let approve = json!({ "event": "APPROVE" });
    let own = scene.send(Method::POST, &reviews, "hexacat", approve.clone()).await;
    assert_eq!(
        (own.0, &own.1["errors"][0]),
        (422, &json!("Can not approve your own pull request"))
    );
    let (status, review) = scene.send(Method::POST, &reviews, "monacat", approve).await;
    assert_eq!((status, &review["state"]), (200, &json!("APPROVED")));
    let dismissals = format!("{reviews}/{}/dismissals", review["id"]);
    let why = json!({ "message": "Too soon" });
    let (_, review) = scene.send(Method::PUT, &dismissals, "monacat", why).await;
    assert_eq!(review["state"], "DISMISSED");
    let labels = format!("{base}/issues/1/labels");
    let (_, list) =
        scene.send(Method::POST, &labels, "monacat", json!({ "labels": ["bug"] })).await;
    assert_eq!(list[0]["name"], "bug");
    assert_eq!(
        scene.send(Method::DELETE, &format!("{labels}/x"), "monacat", json!({})).await.0,
        404
    );
    let closed = scene.send(Method::PATCH, &one, "hexacat", json!({ "state": "closed" })).await;
    assert_eq!(closed.1["state"], "closed");
    let open = scene.send(Method::PATCH, &one, "hexacat", json!({ "state": "open" })).await;
    assert_eq!(open.1["state"], "open");
    let (_, files) = scene.get(&format!("{one}/files"), "").await;
    assert_eq!(files.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn lists_are_paginated_with_links() {
    let scene = GithubScene::new().await;
    for number in 0..7 {
        scene.open(&format!("fix: {number}"));
        scene.clock.advance(chrono::TimeDelta::seconds(1));
    }
    scene.github.merge(REPO, 3, "monacat").expect("it is open");
    let path = format!("/repos/{REPO}/pulls?state=all&per_page=3&page=2");
    for prefix in ["", "/api/v3"] {
        let answer = scene.ask(Method::GET, &format!("{prefix}{path}"), "", Value::Null).await;
        let link = answer.headers()["link"].to_str().expect("text").to_owned();
        let base =
            format!("{}{prefix}/repos/{REPO}/pulls?state=all&per_page=3", scene.github.url());
        assert!(link.contains(&format!("<{base}&page=3>; rel=\"next\"")), "{link}");
        assert!(link.contains(&format!("<{base}&page=1>; rel=\"prev\"")), "{link}");
        let (_, page) = read(answer).await;
        let numbers: Vec<i64> = page
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|pull| pull["number"].as_i64())
            .collect();
        assert_eq!(numbers, [4, 3, 2]);
        assert!(page[0].get("merged").is_none(), "a list is partial");
    }
    let (_, closed) = scene.get(&format!("/repos/{REPO}/pulls?state=closed"), "").await;
    assert_eq!(closed.as_array().map(Vec::len), Some(1));
    let updated = format!("/repos/{REPO}/pulls?state=all&sort=updated&direction=desc");
    assert_eq!(scene.get(&updated, "").await.1[0]["number"], 3);
    let last = scene.ask(Method::GET, &format!("/repos/{REPO}/pulls"), "", Value::Null).await;
    assert!(last.headers().get("link").is_none());
}

#[tokio::test]
async fn an_unchanged_response_is_304_and_does_not_count() {
    let scene = GithubScene::new().await;
    let number = scene.open("fix: It");
    let url = format!("{}/repos/{REPO}/pulls/{number}", scene.github.url());
    let first = scene.client.get(&url).send().await.expect("an answer");
    let left = first.headers()["x-ratelimit-remaining"].clone();
    let tag = first.headers()["etag"].clone();
    let conditional = || scene.client.get(&url).header("if-none-match", &tag).send();
    let second = conditional().await.expect("an answer");
    assert_eq!(second.status(), 304);
    assert_eq!(second.headers()["x-ratelimit-remaining"], left);
    scene
        .github
        .act(REPO, number, "monacat", Act::Edited(String::from("fix: That")))
        .expect("open");
    assert_eq!(conditional().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn people_permissions_and_old_names_match_github() {
    let scene = GithubScene::new().await;
    assert_eq!(scene.get("/users/unknown", "").await.0, 404);
    assert_eq!(scene.get("/users/HexaCat", "").await.1["login"], "hexacat");
    let permission = format!("/repos/{REPO}/collaborators/monacat/permission");
    assert_eq!(scene.get(&permission, "hexacat").await.0, 403);
    let (_, answer) = scene.get(&permission, "monacat").await;
    assert_eq!((&answer["permission"], &answer["role_name"]), (&json!("admin"), &json!("admin")));
    assert_eq!(scene.get(&format!("/repos/{REPO}/hooks"), "hexacat").await.0, 404);
    let (_, repo) = scene.get(&format!("/repos/{REPO}"), "monacat").await;
    assert_eq!(repo["permissions"]["admin"], true);
    scene.github.rename_repo(REPO, "beacon").expect("the name is free");
    let (status, moved) = scene.get(&format!("/repos/{REPO}"), "").await;
    assert_eq!((status, &moved["url"]), (301, &json!(format!("/repositories/{}", repo["id"]))));
    let (_, found) = scene.get(&format!("/repositories/{}", repo["id"]), "").await;
    assert_eq!(found["full_name"], "octo-tools/beacon");
    assert_eq!(scene.get("/nothing/here", "").await.0, 404);
}

#[tokio::test]
async fn a_seeded_fake_has_pull_requests_and_maintainers() {
    let clock = FakeClock::new("2026-10-01T12:00:00Z".parse().expect("an instant"));
    let options = Options { seeded: true, ..Options::new(clock) };
    let github = FakeGithub::start(options).await.expect("a port");
    let pull = github.pull("lanternfish-guild/lanternfish", 1).expect("seeded");
    assert_eq!(pull.state(), "open");
    github.merge("lanternfish-guild/lanternfish", 1, "mirelle-tavok").expect("a maintainer");
    let name = "lanternfish-guild/lanternfish";
    github.review(name, 2, "mirelle-tavok", Verdict::Approved).expect("a maintainer");
    assert!(github.rename_user("unknown", "other").is_err());
    github.rename_user("mirelle-tavok", "mirelle").expect("known");
    let merged_by = github.pull(name, 1).expect("there").merged_by.expect("merged");
    assert_eq!(merged_by.login, "mirelle");
}

#[tokio::test]
async fn a_new_person_creates_a_repository() {
    let scene = GithubScene::new().await;
    let name = json!({ "login": "octavia" });
    let (status, person) = scene.send(Method::POST, "/_people", "", name.clone()).await;
    assert_eq!((status, &person["login"]), (201, &json!("octavia")));
    assert_eq!(scene.send(Method::POST, "/_people", "", name).await.0, 422);
    let name = json!({ "name": "kiln" });
    let (status, repo) = scene.send(Method::POST, "/user/repos", "octavia", name.clone()).await;
    assert_eq!((status, &repo["full_name"]), (201, &json!("octavia/kiln")));
    let again = scene.send(Method::POST, "/user/repos", "octavia", name);
    assert_eq!(again.await.0, 422);
    let pull = json!({ "title": "fix: It", "head": "hexacat:x", "base": "main" });
    let opened = scene.send(Method::POST, "/repos/octavia/kiln/pulls", "hexacat", pull);
    assert_eq!(opened.await.0, 201);
    let merge = "/repos/octavia/kiln/pulls/1/merge";
    let merged = scene.send(Method::PUT, merge, "octavia", json!({}));
    assert_eq!(merged.await.0, 200);
}

#[tokio::test]
async fn a_new_person_has_the_stated_id_and_age() {
    let scene = GithubScene::new().await;
    let join = async |body: Value| scene.send(Method::POST, "/_people", "", body).await;
    let known = json!({
        "login": "octavia", "id": 1_000_000_042, "created_at": "2026-09-30T08:00:00Z"
    });
    let (status, person) = join(known.clone()).await;
    assert_eq!((status, &person["id"]), (201, &known["id"]));
    assert_eq!(person["created_at"], known["created_at"]);
    let (_, own) = scene.get("/user", "octavia").await;
    assert_eq!(own["created_at"], known["created_at"]);
    let (_, usual) = join(json!({ "login": "wren-oak" })).await;
    assert!(usual["id"].as_i64() > Some(1_000_000_042), "{usual}");
    assert!(usual["created_at"].as_str() < Some("2020-12"), "{usual}");
    for (field, value, message) in [
        ("id", json!(1_000_000_042), "ID is already taken."),
        ("id", json!(0), "Set id to a whole number"),
        ("id", json!("7"), "Set id to a whole number"),
        ("id", json!(1_000_000_000_001_i64), "Set id to a whole number"),
        ("created_at", json!("2026-10-01T12:00:01Z"), "not in the future"),
        ("created_at", json!("yesterday"), "not in the future"),
        ("created_at", json!(7), "not in the future"),
    ] {
        let mut body = json!({ "login": "finch-ash" });
        body[field] = value;
        let (status, refused) = join(body).await;
        let said = refused["message"].as_str().unwrap_or_default();
        assert!(status == 422 && said.contains(message), "{status} {refused}");
    }
    assert_eq!(scene.get("/users/finch-ash", "").await.0, 404);
}

#[tokio::test]
async fn queries_return_when_people_were_created() {
    let scene = GithubScene::new().await;
    scene.open("fix: It");
    let created_at = "2026-09-30T08:00:00Z".parse().expect("an instant");
    scene.github.set_created_at("hexacat", created_at).expect("known");
    let query = "query { repository(owner: \"octo-tools\", name: \"lantern\") { pullRequest(number: 1) { \
                 author { login ... on User { createdAt } ... on Bot { databaseId } } } } }";
    let (status, answer) =
        scene.send(Method::POST, "/graphql", "hexacat", json!({ "query": query })).await;
    let author = &answer["data"]["repository"]["pullRequest"]["author"];
    let expected = json!({ "login": "hexacat", "createdAt": "2026-09-30T08:00:00Z" });
    assert_eq!((status, author), (200, &expected), "{answer}");
}

#[tokio::test]
async fn a_clock_that_is_behind_lets_people_act_in_the_past() {
    let scene = GithubScene::new().await;
    let switch = async |body: Value| scene.send(Method::POST, "/_switches", "", body).await.0;
    let opened_at = |number: i64| scene.github.pull(REPO, number).expect("there").created_at;
    assert_eq!(switch(json!({ "days_behind": 21 })).await, 200);
    let then = scene.open("fix: Then");
    assert_eq!(opened_at(then).to_rfc3339(), "2026-09-10T12:00:00+00:00");
    assert_eq!(switch(json!({ "days_behind": 0 })).await, 200);
    let now = scene.open("fix: Now");
    assert_eq!(opened_at(now).to_rfc3339(), "2026-10-01T12:00:00+00:00");
    assert_eq!(switch(json!({ "days_behind": -1 })).await, 422);
}
