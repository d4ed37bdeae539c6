// Sends the authorization response to the client; without scripts the button does.
document.getElementById("form-post").submit();
