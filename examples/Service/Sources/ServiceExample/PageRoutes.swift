import Hummingbird

/// The page with its style and its program, which are part of the executable.
func addPages(to router: Router<BasicRequestContext>) {
  let files: [(path: RouterPath, type: String, bytes: [UInt8])] = [
    ("/", "text/html; charset=utf-8", PackageResources.page_html),
    ("page.css", "text/css; charset=utf-8", PackageResources.page_css),
    ("page.js", "text/javascript; charset=utf-8", PackageResources.page_js),
    ("plots.js", "text/javascript; charset=utf-8", PackageResources.plots_js),
  ]
  for file in files {
    let body = ByteBuffer(bytes: file.bytes)
    router.get(file.path) { _, _ in
      Response(
        status: .ok,
        headers: [
          .contentType: file.type,
          // Nothing comes from elsewhere.
          .contentSecurityPolicy: "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; img-src data:",
          .xContentTypeOptions: "nosniff",
        ],
        body: ResponseBody(byteBuffer: body))
    }
  }
}
