// Everybody here is invented. Each post in French and in English; `of` is a quoted post, `promoted` advertising.
"use strict";
var QUAY = {
  words: {
    fr: {
      name: "Le Quai", home: "Accueil", explore: "Explorer", alerts: "Alertes",
      about_title: "Un endroit pour s’exercer",
      about: "Tout le monde ici est inventé et rien ne quitte cette page. Posez le pointeur sur la petite marque dans la rangée de boutons d’un message, choisissez une réponse, puis appuyez vous-même sur Répondre.",
      trends: "Aujourd’hui sur le quai", reply: "Répondre", repeat: "Relayer", like: "Aimer", more: "Plus", cancel: "Annuler",
      hint: "Votre réponse", promoted: "Annonce", you: "Vous", minutes: " min", hours: " h", left: " restants", me_label: "Vous êtes",
    },
    en: {
      name: "The Quay", home: "Home", explore: "Explore", alerts: "Alerts",
      about_title: "A place to practise",
      about: "Everybody here is invented and nothing leaves this page. Rest the pointer on the small mark in a post’s row of buttons, choose a reply, and press Reply yourself.",
      trends: "On the quay today", reply: "Reply", repeat: "Repeat", like: "Like", more: "More", cancel: "Cancel",
      hint: "Your reply", promoted: "Promoted", you: "You", minutes: " min", hours: " h", left: " left", me_label: "You are",
    },
  },
  posts: [
    { id: "9107", name: "Maud Delcroix", handle: "@maud", minutes: 4, hue: 1, likes: 5,
      fr: "Quelqu’un a testé le brunch de Café Lumière dimanche ? On hésite avec deux enfants, il y a de la place dehors ?",
      en: "Has anybody tried the brunch at Café Lumière on Sunday? We are wondering with two children, is there room outside?" },
    { id: "9104", name: "Jean Rivage", handle: "@jean", minutes: 12, hue: 0, likes: 3,
      fr: "Grand soleil ce matin sur le port ☀️ La régate part à 14 h.", en: "Bright sun over the harbour this morning ☀️ The regatta starts at 2 pm." },
    { id: "9101", name: "Inès Okafor", handle: "@ines", minutes: 25, hue: 2, likes: 11,
      fr: "Tout à fait d’accord, et l’accueil était parfait. Merci à toute l’équipe.", en: "I could not agree more, and they were so kind to us. Thanks to the whole team.",
      of: { id: "9088", name: "Théo Marin", handle: "@theo", minutes: 190, hue: 3,
        fr: "La tarte au citron de Café Lumière est la meilleure de la ville.", en: "The lemon tart at Café Lumière is the best in town." } },
    { id: "9098", name: "Voiles & Cie", handle: "@voiles", minutes: 31, hue: 4, promoted: true,
      fr: "Stage de voile dès 7 ans, inscriptions ouvertes jusqu’à vendredi.", en: "Sailing for children from 7, book until Friday." },
    { id: "9095", name: "Paul Verne", handle: "@paulv", minutes: 48, hue: 3, likes: 1,
      fr: "45 minutes d’attente pour deux cafés samedi, et personne pour s’excuser. Commande 3071, je voudrais être remboursé.",
      en: "45 minutes for two coffees on Saturday and nobody said sorry. Order 3071, I would like my money back." },
    { id: "9090", name: "Awa Lindqvist", handle: "@awa", minutes: 95, hue: 0, likes: 8,
      fr: "Vous cherchez quelqu’un pour l’été ? J’ai deux saisons de service derrière moi et je parle quatre langues.",
      en: "Are you looking for somebody this summer? I have two seasons of waiting tables behind me and speak four languages." },
    { id: "9083", name: "Bibliothèque du Port", handle: "@biblio", minutes: 130, hue: 2, likes: 17,
      fr: "Ce soir, lecture à voix haute pour les petits, 18 h, entrée libre.\nApportez un coussin.", en: "Tonight we read aloud for the little ones, 6 pm, free entry.\nBring a cushion." },
    { id: "9079", name: "Léo Castan", handle: "@leo", minutes: 200, hue: 1, likes: 2,
      fr: "Quels sont vos horaires pendant les vacances ? Rien trouvé sur le site.", en: "What are your hours over the holidays? I found nothing on the site." },
  ],
};
