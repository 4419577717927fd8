//! The lines of a log as a strict reader sees them.

use std::{collections::BTreeMap, fmt};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::{Sandbox, program::Program};

/// An object whose keys are there once.
#[derive(Debug)]
struct Strict(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Strict;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(key.clone(), value).is_some() {
                        return Err(A::Error::custom(format!("{key} is there twice")));
                    }
                }
                Ok(Strict(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_requests_name_the_person_the_object_and_the_event() {
    let sandbox = Sandbox::empty().await;
    let mut command = sandbox.command(&["serve"]);
    command.env("GUILDHALL_LOG", "debug,sqlx=info,hyper=info,h2=info");
    let program = Program::start(&mut command, sandbox.directory());
    let mut server = program.ready(&sandbox.url()).await.says("no admin yet").await;
    let (client, cookies) = sandbox.found(&server).await;
    for path in ["/projects/fenwick", "/people/wren-oak.id", "/inbox", "/else", "/api/v1/projects"]
    {
        let request = client.get(sandbox.url() + path).header("cookie", &cookies);
        request.send().await.expect("an answer");
    }
    server.terminate();
    assert!(server.ended().await.success());
    let log = server.log();
    let lines = log.lines().map(|line| {
        let line: Strict =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        line.0
    });
    let is_request = |line: &BTreeMap<String, Value>| {
        line.get("message").is_some_and(|it| it == "request" || it == "slow request")
    };
    let requests: Vec<_> = lines.filter(is_request).collect();
    let of = |route: &str, method: &str| {
        let mut found = requests.iter();
        let found = found.find(|line| line["route"] == route && line["method"] == method);
        found.unwrap_or_else(|| panic!("{route}: {requests:?}"))
    };
    let entered = of("/setup", "POST");
    assert!(entered["event"].is_string(), "{entered:?}");
    let project = of("/projects/{slug}", "GET");
    assert_eq!(project["object"], "projects/fenwick");
    assert!(project["person"].is_string() && project["request_id"].is_string(), "{project:?}");
    let person = of("/people/{login}", "GET");
    assert!(!person.contains_key("object"), "{person:?}");
    sandbox.remove().await;
}
