// The package brings a script that is started inline; our content policy wants it here.
const place = document.getElementById("swagger");

window.SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: false,
  validatorUrl: null,
  supportedSubmitMethods: ["get", "post", "put", "patch", "delete"],
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  syntaxHighlight: false,
});
