// The AWS SDK for Go v2, operation by operation: each line of JSON in is { call, input }, each line out its answer or its error.
//
// An answer comes twice: as the SDK has read it into its types, and as it came over the wire.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go"
)

type request struct {
	Call  string          `json:"call"`
	Input json.RawMessage `json:"input"`
}

type answer struct {
	Result any             `json:"result,omitempty"`
	Raw    json.RawMessage `json:"raw,omitempty"`
	Error  *problem        `json:"error,omitempty"`
}

// problem is an error as a program can tell it: by its Go type, its code, its text.
type problem struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	Type    string `json:"type"`
}

// listener keeps the body of the last answer.
type listener struct{ last []byte }

func (l *listener) RoundTrip(asked *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(asked)
	if err != nil {
		return nil, err
	}
	l.last, err = io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(l.last))
	return response, err
}

// invoke calls the method of the client that has this name, with the input read into the type that the method takes.
func invoke(client *cognito.Client, asked request) (any, error) {
	method := reflect.ValueOf(client).MethodByName(asked.Call)
	if !method.IsValid() {
		return nil, errors.New("the SDK has no " + asked.Call)
	}
	input := reflect.New(method.Type().In(1).Elem())
	if err := strictly(asked.Input, input.Interface()); err != nil {
		return nil, err
	}
	returned := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
	err, _ := returned[1].Interface().(error)
	return returned[0].Interface(), err
}

func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// pages reads all users by the SDK's own paginator: their names, page by page.
func pages(client *cognito.Client, asked request) (any, error) {
	input := &cognito.ListUsersInput{}
	if err := strictly(asked.Input, input); err != nil {
		return nil, err
	}
	found := [][]string{}
	for paginator := cognito.NewListUsersPaginator(client, input); paginator.HasMorePages(); {
		page, err := paginator.NextPage(context.Background())
		if err != nil {
			return nil, err
		}
		names := []string{}
		for _, user := range page.Users {
			names = append(names, aws.ToString(user.Username))
		}
		found = append(found, names)
	}
	return found, nil
}

func told(err error) *problem {
	var api smithy.APIError
	if errors.As(err, &api) {
		return &problem{Name: api.ErrorCode(), Message: api.ErrorMessage(), Type: reflect.TypeOf(api).String()}
	}
	return &problem{Name: "client", Message: err.Error(), Type: reflect.TypeOf(err).String()}
}

func run(endpoint string) error {
	heard := &listener{}
	client := cognito.New(cognito.Options{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(endpoint),
		HTTPClient:       &http.Client{Transport: heard},
		RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	lines := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		var asked request
		if err := json.Unmarshal([]byte(line), &asked); err != nil {
			return err
		}
		said := answer{}
		if asked.Call == "PagesOfListUsers" {
			said.Result, err = pages(client, asked)
		} else {
			said.Result, err = invoke(client, asked)
			said.Raw = heard.last
		}
		if err != nil {
			said = answer{Error: told(err)}
		}
		if err := out.Encode(said); err != nil {
			return err
		}
	}
}

func main() {
	var options struct{ Endpoint string }
	err := json.Unmarshal([]byte(os.Args[1]), &options)
	if err == nil {
		err = run(options.Endpoint)
	}
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}
