using System.Reflection;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Admission;
using CleanRoom.Node.Channels;
using CleanRoom.Node.Hosting;
using CleanRoom.Node.Sessions;
using CleanRoom.Node.Uploads;
using CleanRoom.Storage.Objects;

// A node is started by `cleanroom serve`. This entry exists for the build alone, which writes contracts/openapi from it.
const string documentWriter = "GetDocument.Insider";
if (Assembly.GetEntryAssembly()?.GetName().Name != documentWriter)
{
    throw new InvalidOperationException("wanted `cleanroom serve`; got the library that it is made of");
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddApi();

// Only the kinds of the parameters matter for a description: nothing here is ever called.
Type[] described = [typeof(IGrainFactory), typeof(IObjectStore), typeof(NodeIdentity), typeof(SessionStore), typeof(IssuedBindings), typeof(UploadTokens), typeof(UploadQuotas), typeof(AdmissionControl)];
foreach (var service in described)
{
    builder.Services.AddSingleton(service, _ => throw new InvalidOperationException("a description has no services"));
}

builder.Services.AddSingleton(TimeProvider.System);
var app = builder.Build();
app.MapApi();
app.Run();
