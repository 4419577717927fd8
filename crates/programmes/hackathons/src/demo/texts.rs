//! Texts of the demo's hackathons.

/// The texts of a hackathon.
pub(super) struct Texts {
    /// The subject and the days, as Markdown.
    pub(super) description: &'static str,
    /// The rules: people who can take part, and the things to submit.
    pub(super) requirements: &'static str,
    /// An honor besides the prizes.
    pub(super) prizes: &'static str,
    pub(super) tags: [&'static str; 2],
}

/// Returns the texts of a hackathon by its slug.
pub(super) fn of(slug: &str) -> Texts {
    match slug {
        "low-tide-hack" => Texts {
            description: "Small harbors have no IT department. Build what a harbor master can use on the first day: one tool, one \
                page of instructions.\n\n- On the first evening, five harbor masters tell what they do by hand.\n\
                - Mentors are online every evening from seven to nine.\n- On the last day, every team shows its tool in five minutes.\n",
            requirements: "Everyone can take part, alone or in a team. Submit a public repository with a license, and a README that a \
                harbor master understands.",
            prizes: "The winners present their tool at the harbor festival.",
            tags: ["harbors", "small-tools"],
        },
        "lighthouse-days" => Texts {
            description: "Half of the coast has no signal. Software for it keeps its data on the device, and synchronizes when it \
                can.\n\n- Each demo runs on a phone in flight mode.\n\
                - Help is at table 1, and online until ten in the evening.\n",
            requirements: "Beginners are welcome. The project must start, save and show data without a network. Libraries are fine; say \
                in the README which ones.",
            prizes: "The winners keep their project on the information board of the lighthouse for a year.",
            tags: ["offline", "sync"],
        },
        "spring-tide-hack" => Texts {
            description: "Our first hackathon. We wanted to know what people on boats miss, so we asked forty of them. Their answers are \
                the list of ideas.\n\n- Choose an idea from the list, or convince one of the forty of yours.\n",
            requirements: "Everyone can take part, also without a boat. Submit the code and one screenshot.",
            prizes: "All teams sail out with the pilots on the Sunday after.",
            tags: ["boats", "ideas"],
        },
        "fog-signal-jam" => Texts {
            description: "In fog, people listen. Record, recognize or make sounds that say where something is.\n\n\
                - We provide 200 recordings of horns and bells, under CC BY.\n- Headphones help: the workshop is loud.\n",
            requirements: "Everyone can take part. Submit the code and a recording of at most a minute. Use only sounds whose license \
                allows it.",
            prizes: "The best signal sounds from the north pier for a week, at noon.",
            tags: ["sound", "radio"],
        },
        "neap-tide-hack" => Texts {
            description: "No rush and no stage: two weeks for the tool that you always put off. Write a few lines in the log of your team \
                every other day.\n\n- Reviews are by the other teams, on the last two evenings.\n",
            requirements: "Everyone can take part. Work that you began earlier counts if the README says what is new.",
            prizes: "The winners choose the topic of the next Neap Tide Hack.",
            tags: ["maintenance", "remote"],
        },
        "harbor-lights" => Texts {
            description: "The port authority has opened its data about buoys, lights and depths. Make it useful to people on the water.\n\n\
                - The data, its description and examples are in one repository.\n\
                - On Wednesdays, someone from the port authority answers questions.\n- Judges try each project on a phone, outdoors.\n",
            requirements: "Everyone can take part. Use at least one of the open data sets, and name it in the README. Submit a public \
                repository and a demo that judges can open.",
            prizes: "The port authority links to the winners from its own site.",
            tags: ["open-data", "maps"],
        },
        "buoy-jam" => Texts {
            description: "Nine days with soldering irons. Each team gets a buoy, a board and a solar cell, and decides what it \
                measures.\n\n- The workshop is open from ten to eight.\n- On the last day, all buoys go into the basin for an hour.\n",
            requirements: "At least one person of each team must be at the workshop. Submit the firmware, the wiring and the data of \
                the hour in the basin.",
            prizes: "Teams keep their boards. The buoy that lasts longest in the basin gets a name plate.",
            tags: ["hardware", "sensors"],
        },
        "ebb-days" => Texts {
            description: "Three days in which nothing new is built. Choose one of twelve tools that harbors use every day, and make the \
                next change to it easier.\n\n- Maintainers of all twelve tools take part.\n- Small pull requests, merged the same day.\n",
            requirements: "We review applications, because each maintainer can help two teams. Submit the list of your merged pull \
                requests.",
            prizes: "The maintainers choose the winners, and thank them in the release notes.",
            tags: ["maintenance", "testing"],
        },
        "equinox-hack" => Texts {
            description: "Twelve hours of light and twelve of dark. Build for people who work in both: fishers, nurses, bakers, \
                pilots.\n\n- We meet at sunrise and at sunset, online.\n",
            requirements: "Everyone can take part. The project must be readable in bright sun and at night.",
            prizes: "The winners are invited to the night shift of the pilots.",
            tags: ["accessibility", "night"],
        },
        "storm-surge-hack" => Texts {
            description: "A warning helps if the right people get it an hour earlier. We planned three days with the weather service.\n",
            requirements: "Everyone could take part, with or without knowledge of the weather.",
            prizes: "The weather service wanted to test the winning idea for a season.",
            tags: ["weather", "warnings"],
        },
        _ => Texts {
            description: "The topic will be announced with the dates.\n",
            requirements: "Everyone can take part. Submit a public repository with a license.",
            prizes: "To be announced.",
            tags: ["winter", "planned"],
        },
    }
}
