Object.assign(canned.state, {
  brand: { id: "1", name: "Zephyr Brasserie" },
  handle: "@zephyr.brasserie",
  mentions: {
    "https://news.ycombinator.com/item?id=900": { id: "9", status: "replied", intent: "praise", replied_by: "Quentin Ferrand" },
    "https://news.ycombinator.com/item?id=901": { id: "8", status: "open", intent: null, replied_by: "", assigned_to: "Oriane Vasseur" },
  },
});
