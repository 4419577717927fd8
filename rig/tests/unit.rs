//! The unit tests of the rig. Only what has some is compiled again for them, because all of the crate takes longer.

#![allow(dead_code, reason = "what judges and benchmarks use is unused here")]
#![allow(clippy::print_stdout, reason = "a tool talks to the person who runs it")]

#[path = "../src/attempt.rs"]
mod attempt;
#[path = "../src/deliveries.rs"]
mod deliveries;
#[path = "../src/http.rs"]
mod http;

#[path = "../src/bench"]
mod bench {
    mod issues;
    mod numbers;
    mod payload;
}

#[path = "../src/judges"]
mod judges {
    mod browser {
        mod shots;
    }
    mod calendar {
        mod agreement;
    }
    mod octokit {
        mod facts;
        mod payloads;
        mod tables;
    }
    mod openapi {
        mod accepted;
        mod elsewhere;
        mod elsewhere_discovery;
        mod elsewhere_factors;
        mod elsewhere_repositories;
        mod elsewhere_sent;
    }
    mod prism {
        mod calls;
        mod client;
    }
}
