// A small page, not a framework: draws the posts, opens a reply box, adds what is published. No network calls.
"use strict";
(function () {
  var LONGEST = 500;
  var asked = new URLSearchParams(location.search).get("lang");
  var lang = asked === "fr" || asked === "en" ? asked : /^fr/i.test(navigator.language) ? "fr" : "en";
  var words = QUAY.words[lang];
  var SVG = "http://www.w3.org/2000/svg";
  var ICONS = {
    reply: "M9 17 4 12l5-5M4 12h11a5 5 0 0 1 5 5v2",
    repeat: "M17 2l4 4-4 4M3 11V9a3 3 0 0 1 3-3h15M7 22l-4-4 4-4M21 13v2a3 3 0 0 1-3 3H3",
    like: "m12 3 2.7 5.7 6.2.8-4.6 4.3 1.2 6.2L12 17l-5.5 3 1.2-6.2L3.1 9.5l6.2-.8z",
    more: "M5 12h.01M12 12h.01M19 12h.01",
  };

  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function action(name, count) {
    var button = make("button");
    button.type = "button";
    button.dataset.act = name;
    button.setAttribute("aria-label", words[name]);
    var svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    var path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    button.append(svg);
    if (name === "like") {
      button.setAttribute("aria-pressed", "false");
      var number = make("span", "", count ? String(count) : "");
      button.append(number);
      button.addEventListener("click", function () {
        var on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        number.textContent = String((count || 0) + (on ? 1 : 0) || "");
      });
    }
    return button;
  }

  function draw(post, quoted) {
    var article = make("article", post.promoted ? "post promoted" : "post");
    article.dataset.post = post.id;
    var face = make("span", "face", post.name[0]);
    face.dataset.hue = String(post.hue);
    face.setAttribute("aria-hidden", "true");
    var body = make("div", "post-body");
    var head = make("header", "post-head");
    var name = make("a", "author-name", post.name);
    name.href = "/-/practice/?who=" + encodeURIComponent(post.handle);
    head.append(name, make("span", "author-handle", post.handle));
    if (post.promoted) head.append(make("span", "promoted-label", words.promoted));
    else {
      var at = new Date(Date.now() - post.minutes * 60000);
      var time = make("time", "", "· " + (post.minutes < 60 ? post.minutes + words.minutes : Math.round(post.minutes / 60) + words.hours));
      time.dateTime = at.toISOString();
      head.append(time);
    }
    var text = make("p", "post-text", post[lang] || post.text);
    text.lang = lang;
    body.append(head, text);
    if (post.of) {
      var quote = make("blockquote");
      quote.append(draw(post.of, true));
      body.append(quote);
    }
    article.append(face, body);
    if (quoted) return article;
    var row = make("div", "post-actions");
    var reply = action("reply");
    reply.addEventListener("click", function () { openBox(article, post); });
    row.append(reply, action("repeat"), action("like", post.likes), action("more"));
    body.append(row);
    return article;
  }

  function openBox(article, post) {
    var open = article.querySelector(":scope > .reply-box");
    if (open) return open.querySelector("textarea").focus();
    var form = make("form", "reply-box");
    var box = make("textarea");
    box.placeholder = words.hint;
    box.setAttribute("aria-label", words.hint);
    box.maxLength = LONGEST;
    box.rows = 3;
    var left = make("span", "left");
    var cancel = make("button", "", words.cancel);
    cancel.type = "button";
    cancel.addEventListener("click", function () { form.remove(); });
    var go = make("button", "", words.reply);
    go.type = "submit";
    var row = make("div", "row");
    row.append(left, cancel, go);
    form.append(box, row);
    function count() {
      left.textContent = LONGEST - box.value.length + words.left;
      go.disabled = !box.value.trim();
    }
    box.addEventListener("input", count);
    count();
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      publish(article, box.value.trim());
      form.remove();
    });
    article.append(form);
    box.focus();
  }

  var published = 0;
  function publish(article, text) {
    if (!text) return;
    var who = me.value;
    var reply = { id: "1" + Date.now() + String(++published), name: who ? who.slice(1) : words.you, handle: who || "@cafelumiere", minutes: 0, hue: 4, text: text };
    var thread = article.nextElementSibling;
    if (!thread || !thread.matches(".replies")) {
      thread = make("div", "replies");
      article.after(thread);
    }
    thread.append(draw(reply));
  }

  // Who is logged in. "You" says no account, as many sites do; the others may be switched in the middle of a reply.
  var me = document.getElementById("me");
  var as = new URLSearchParams(location.search).get("as");
  ["", "@cafelumiere", "@bistrot", as ? "@" + as.replace(/^@/, "") : ""].forEach(function (handle, n, all) {
    if (all.indexOf(handle) !== n) return;
    var option = make("option", "", handle || words.you);
    option.value = handle;
    me.append(option);
  });
  if (as) me.value = "@" + as.replace(/^@/, "");
  function say() {
    if (me.value) me.parentElement.dataset.handle = me.value;
    else delete me.parentElement.dataset.handle;
  }
  me.addEventListener("change", say);
  say();

  document.documentElement.lang = lang;
  document.title = words.name;
  document.querySelectorAll("[data-say]").forEach(function (element) { element.textContent = words[element.dataset.say]; });
  document.querySelectorAll("[data-say-label]").forEach(function (element) { element.setAttribute("aria-label", words[element.dataset.sayLabel]); });
  document.querySelectorAll("[data-lang]").forEach(function (link) {
    if (link.dataset.lang === lang) link.setAttribute("aria-current", "true");
  });
  var only = new URLSearchParams(location.search).get("post");
  var feed = document.getElementById("feed");
  QUAY.posts.forEach(function (post) { if (!only || post.id === only) feed.append(draw(post)); });
  if (only && feed.childElementCount === 1) QUAY.posts.forEach(function (post) { feed.append(draw(post)); });
})();
