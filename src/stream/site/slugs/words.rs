//! The words that slugs are put together from, and the patterns that order them.

/// A place in a pattern.
#[derive(Debug)]
pub enum SlugPart {
    /// The same in every slug.
    Text(&'static str),
    /// One of these.
    One(&'static [&'static str]),
    /// What a thing is like, and the thing: both of one kind of goods.
    Thing,
}

/// Patterns of slugs.
pub type Patterns = &'static [&'static [SlugPart]];

use SlugPart::{One, Text, Thing};

impl SlugPart {
    /// How many texts there are for the place.
    pub fn len(&self) -> u64 {
        match self {
            Text(_) => 1,
            One(words) => words.len() as u64,
            Thing => (GOODS.len() * LIKE * THINGS) as u64,
        }
    }

    /// Appends one of them.
    pub fn write(&self, number: u64, out: &mut String) {
        let number = number as usize;
        match self {
            Text(text) => out.push_str(text),
            One(words) => out.push_str(words[number]),
            Thing => {
                let (like, things) = &GOODS[number % GOODS.len()];
                let rest = number / GOODS.len();
                out.push_str(like[rest % LIKE]);
                out.push('-');
                out.push_str(things[rest / LIKE]);
            }
        }
    }
}

/// What products of a shop are called.
pub const PRODUCTS: Patterns = &[
    &[Thing],
    &[One(MAKERS), Thing],
    &[Thing, One(COLOURS)],
    &[One(MAKERS), Thing, One(SERIES)],
    &[Thing, One(SERIES), One(COLOURS)],
];

/// What a shop writes about what it sells.
pub const GUIDES: Patterns = &[
    &[Text("how-to-choose-the-right"), One(BOUGHT)],
    &[One(NUMBERS), Text("tips-for-a-better"), One(AREAS)],
    &[One(BOUGHT), Text("buying-guide"), One(SEASONS)],
    &[Text("the-best"), One(BOUGHT), Text("for"), One(READERS)],
    &[Text("caring-for-your"), One(BOUGHT), One(SEASONS)],
    &[One(AREAS), Text("ideas-for"), One(READERS)],
    &[One(BOUGHT), Text("for"), One(READERS), Text("compared")],
    &[Text("gifts-for"), One(READERS), One(SEASONS)],
];

/// Headlines.
pub const NEWS: Patterns = &[
    &[One(BODIES), One(DOES), One(MATTERS)],
    &[Text("why"), One(MATTERS), One(HAPPENS)],
    &[Text("what-the-debate-about"), One(MATTERS), Text("means-for"), One(READERS)],
    &[One(MATTERS), Text("in"), One(PLACES)],
    &[One(PLACES), One(BODIES), One(DOES), One(MATTERS), One(WHEN)],
    &[Text("a-day-with"), One(PEOPLE), Text("in"), One(PLACES)],
    &[One(NUMBERS), Text("things-to-know-about"), One(MATTERS)],
    &[Text("interview"), One(PEOPLE), Text("on"), One(MATTERS)],
];

/// What articles are filed under.
pub const TOPICS: Patterns = &[
    &[One(MATTERS), One(PLACES)],
    &[One(BODIES), One(PLACES)],
    &[One(MATTERS), One(SORTS)],
    &[One(MATTERS), Text("and"), One(BODIES)],
];

/// What a person writes about what he or she makes.
pub const POSTS: Patterns = &[
    &[One(MADE), Text("with"), One(TOOLS)],
    &[Text("how-i-built"), One(MADE), One(PARTS)],
    &[One(TOOLS), Text("notes"), One(PARTS)],
    &[Text("moving-my"), One(MADE), Text("to"), One(TOOLS)],
    &[One(NUMBERS), Text("months-of"), One(TOOLS)],
    &[Text("why-my"), One(MADE), One(FAILS)],
    &[Text("debugging"), One(MADE), Text("on"), One(TOOLS)],
    &[One(TOOLS), Text("for-the-impatient"), One(PARTS)],
];

/// Pages of a documentation.
pub const DOCUMENTS: Patterns = &[
    &[One(SUBJECTS)],
    &[One(SUBJECTS), One(ASPECTS)],
    &[One(TASKS), One(SUBJECTS)],
    &[One(TASKS), One(SUBJECTS), Text("with"), One(CLIENTS)],
];

/// How many words each kind of goods has for what things are like, and for the things.
const LIKE: usize = 12;
const THINGS: usize = 12;

/// Kinds of goods: what they are like, and what they are.
#[rustfmt::skip]
const GOODS: [([&str; LIKE], [&str; THINGS]); 10] = [
    (["wireless", "noise-cancelling", "portable", "waterproof", "compact", "bluetooth", "rechargeable", "usb-c", "foldable",
      "studio", "stereo", "pocket"],
     ["earbuds", "headphones", "speaker", "charger", "power-bank", "radio", "microphone", "soundbar", "turntable", "adapter",
      "headset", "webcam"]),
    (["stainless-steel", "cast-iron", "non-stick", "ceramic", "copper", "enamel", "induction", "glass", "large", "small", "deep",
      "heavy-duty"],
     ["frying-pan", "saucepan", "kettle", "rice-cooker", "casserole", "wok", "baking-tray", "mixing-bowl", "teapot", "colander",
      "stockpot", "coffee-maker"]),
    (["oak", "walnut", "solid-wood", "bamboo", "rattan", "metal", "extendable", "folding", "corner", "wall-mounted", "narrow",
      "upholstered"],
     ["bookcase", "dining-table", "bench", "stool", "sideboard", "desk", "shelf", "bed-frame", "wardrobe", "coffee-table",
      "armchair", "coat-rack"]),
    (["organic-cotton", "linen", "merino", "fleece", "slim-fit", "oversized", "quilted", "waxed", "long-sleeve", "hooded",
      "ribbed", "lightweight"],
     ["shirt", "jumper", "cardigan", "jacket", "trousers", "dress", "t-shirt", "coat", "scarf", "vest", "pyjamas", "skirt"]),
    (["trail", "waterproof-hiking", "insulated", "ultralight", "two-person", "self-inflating", "down", "touring", "thermal",
      "carbon", "adjustable", "quick-dry"],
     ["running-shoes", "boots", "tent", "sleeping-bag", "backpack", "trekking-poles", "sleeping-mat", "gloves", "water-bottle",
      "headlamp", "gaiters", "rain-cover"]),
    (["cordless", "electric", "telescopic", "petrol", "robotic", "solar", "galvanised", "self-watering", "hanging", "raised",
      "terracotta", "long-handled"],
     ["lawn-mower", "hedge-trimmer", "planter", "garden-hose", "watering-can", "pruning-saw", "wheelbarrow", "greenhouse",
      "compost-bin", "leaf-blower", "bird-feeder", "path-light"]),
    (["wooden", "magnetic", "soft", "musical", "glow-in-the-dark", "giant", "travel", "cooperative", "classic", "stacking",
      "educational", "remote-control"],
     ["puzzle", "train-set", "building-blocks", "board-game", "teddy-bear", "racing-car", "doll-house", "card-game", "kite",
      "marble-run", "drum", "dinosaur"]),
    (["24-inch", "4k", "curved", "mechanical", "ergonomic", "wifi-6", "external", "refurbished", "silent", "gaming", "thin",
      "backlit"],
     ["monitor", "keyboard", "mouse", "router", "hard-drive", "laptop", "docking-station", "printer", "graphics-tablet",
      "laptop-stand", "network-switch", "mini-pc"]),
    (["moisturising", "unscented", "vegan", "sensitive", "anti-frizz", "solid", "refillable", "natural", "lavender", "citrus",
      "mineral", "gentle"],
     ["shampoo", "hand-cream", "sunscreen", "soap", "conditioner", "face-wash", "lip-balm", "body-lotion", "deodorant",
      "shaving-foam", "bath-salts", "face-mask"]),
    (["dimmable", "led", "paper", "pendant", "brass", "smoked-glass", "clip-on", "motion-sensor", "vintage", "reading", "outdoor",
      "woven"],
     ["floor-lamp", "table-lamp", "ceiling-light", "lampshade", "string-lights", "wall-light", "spotlight", "night-light",
      "lantern", "light-bulb", "desk-lamp", "candle-holder"]),
];
#[rustfmt::skip]
const MAKERS: &[&str] = &[
    "norvik", "halden", "castell", "brightwell", "okari", "tamsin", "veldt", "lumera", "quarry", "sandholm", "pelago", "ardent",
    "mossby", "kestrel", "fjordline", "alba", "tindra", "hearth", "zephyr", "corvo", "maren", "ostler", "pinewood", "rilke",
    "solna", "thorne", "umbra", "wexley",
];
#[rustfmt::skip]
const COLOURS: &[&str] = &[
    "black", "white", "grey", "navy", "forest-green", "red", "sand", "terracotta-red", "sky-blue", "charcoal", "ivory", "mustard",
    "rose", "olive", "silver", "teal",
];
#[rustfmt::skip]
const SERIES: &[&str] = &[
    "pro", "mini", "plus", "x200", "set-of-2", "set-of-4", "mk2", "classic-edition", "xl", "s3", "starter-kit", "2-pack", "lite",
    "max", "v5", "bundle",
];
#[rustfmt::skip]
const BOUGHT: &[&str] = &[
    "rice-cooker", "headphones", "running-shoes", "office-chair", "tent", "winter-coat", "mattress", "coffee-grinder", "lawn-mower",
    "desk-lamp", "cast-iron-pan", "backpack", "bicycle-light", "wool-blanket", "soundbar", "garden-bench", "board-game", "sunscreen",
    "monitor", "water-bottle", "sleeping-bag", "kitchen-knife", "bookcase", "rain-jacket",
];
#[rustfmt::skip]
const AREAS: &[&str] = &[
    "home-office", "small-kitchen", "balcony", "bedroom", "hallway", "camping-trip", "night-s-sleep", "breakfast", "garden",
    "workout", "commute", "living-room", "childrens-room", "bathroom", "picnic", "reading-corner",
];
#[rustfmt::skip]
const READERS: &[&str] = &[
    "beginners", "families", "students", "small-flats", "commuters", "parents", "tenants", "cyclists", "travellers", "pensioners",
    "small-businesses", "dog-owners", "home-cooks", "gardeners", "teenagers", "night-owls", "teachers", "everyone",
];
#[rustfmt::skip]
const SEASONS: &[&str] = &[
    "this-winter", "in-spring", "in-summer", "this-autumn", "under-50", "on-a-budget", "that-last", "in-2023", "in-2024", "in-2025",
];
const NUMBERS: &[&str] =
    &["three", "five", "7", "10", "six", "12", "four", "nine", "15", "eight", "20", "two"];
#[rustfmt::skip]
const BODIES: &[&str] = &[
    "city-council", "government", "court", "university", "hospital", "parliament", "regulator", "police", "teachers", "scientists",
    "unions", "mayor", "central-bank", "farmers", "start-up", "museum", "minister", "neighbours", "commuters", "railway",
];
#[rustfmt::skip]
const DOES: &[&str] = &[
    "approves", "rejects", "delays", "debates", "warns-of", "plans", "defends", "questions", "celebrates", "cuts", "doubles",
    "rethinks", "votes-on", "promises", "reopens", "struggles-with",
];
#[rustfmt::skip]
const MATTERS: &[&str] = &[
    "housing", "night-trains", "school-meals", "rent-control", "solar-power", "public-libraries", "childcare", "flood-defences",
    "electric-buses", "minimum-wage", "street-art", "wind-farms", "interest-rates", "sourdough", "sleep", "urban-bees", "heat-pumps",
    "football", "local-news", "river-swimming", "vaccines", "opera", "four-day-week", "cycle-lanes", "data-centres", "wolves",
    "pensions", "exam-reform", "olive-oil", "open-source", "archaeology", "translation",
];
#[rustfmt::skip]
const HAPPENS: &[&str] = &[
    "matters-again", "is-so-expensive", "divides-us", "is-back", "will-not-go-away", "needs-time", "costs-more-than-you-think",
    "is-changing", "works", "failed", "is-worth-a-second-look", "took-so-long",
];
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "lisbon", "oslo", "leipzig", "the-alps", "rotterdam", "glasgow", "the-suburbs", "warsaw", "lyon", "the-north", "trieste",
    "cork", "basel", "the-countryside", "malmo", "porto", "vienna", "bristol", "the-harbour", "ghent",
];
#[rustfmt::skip]
const SORTS: &[&str] = &[
    "news", "opinion", "background", "interviews", "data", "letters", "photos", "podcast", "live", "explained", "history", "reviews",
];
const WHEN: &[&str] =
    &["again", "after-long-talks", "before-the-election", "this-week", "for-good", "at-last"];
#[rustfmt::skip]
const PEOPLE: &[&str] = &[
    "a-beekeeper", "a-night-nurse", "a-tram-driver", "a-novelist", "a-chess-coach", "a-vet", "a-lighthouse-keeper", "an-economist",
    "a-baker", "a-cellist", "a-midwife", "an-archivist", "a-goalkeeper", "a-glaciologist",
];
#[rustfmt::skip]
const MADE: &[&str] = &[
    "bread-timer", "garden-camera", "e-ink-calendar", "home-server", "static-site", "split-keyboard", "feed-reader", "bus-display",
    "weather-station", "photo-archive", "synthesizer", "solar-logger", "backup-script", "tiny-compiler", "chess-clock", "door-bell",
    "dotfiles", "mail-server", "plant-monitor", "text-editor", "bike-light", "midi-controller", "recipe-box", "raytracer",
];
#[rustfmt::skip]
const TOOLS: &[&str] = &[
    "rust", "sqlite", "nix", "esp32", "make", "postgres", "go", "awk", "wireguard", "zfs", "lua", "raspberry-pi", "emacs", "vim",
    "openbsd", "forth", "docker", "kicad", "zig", "python", "systemd", "git", "tailscale", "elixir", "home-assistant", "css-grid",
];
const FAILS: &[&str] = &[
    "was-slow",
    "lost-a-day",
    "needed-a-rewrite",
    "broke-in-march",
    "never-shipped",
    "is-still-running",
    "froze-at-night",
    "uses-no-framework",
    "drained-the-battery",
];
#[rustfmt::skip]
const PARTS: &[&str] = &["part-1", "part-2", "part-3", "revisited", "update", "corrections", "a-year-later", "in-practice"];
#[rustfmt::skip]
const SUBJECTS: &[&str] = &[
    "authentication", "webhooks", "pagination", "rate-limits", "errors", "orders", "customers", "idempotency", "api-keys",
    "refunds", "events", "search", "exports", "versioning", "sandbox", "invoices", "inventory", "subscriptions", "file-uploads",
    "permissions", "payouts", "disputes", "addresses", "shipments", "taxes", "discounts", "metadata", "localisation", "time-zones",
    "batch-requests", "streaming", "audit-log",
];
#[rustfmt::skip]
const ASPECTS: &[&str] = &[
    "overview", "reference", "examples", "best-practices", "limits", "faq", "quickstart", "migration-guide", "troubleshooting",
    "changelog",
];
const TASKS: &[&str] = &[
    "testing",
    "listing",
    "creating",
    "updating",
    "deleting",
    "monitoring",
    "retrying",
    "securing",
];
const CLIENTS: &[&str] = &["curl", "python", "javascript", "php", "java", "go", "ruby", "postman"];
